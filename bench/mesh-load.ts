/** Requests as a peer sends them: over kept connections, as many a second or as fast as it goes. */
import { Agent, request } from "node:http";

/** Opens connections as needed and keeps them. */
export const createCaller = (): Agent => new Agent({ keepAlive: true, maxSockets: 64 });

/** Resolves with the milliseconds that it took. Rejects when it is not answered with 200. */
export function callOnce(agent: Agent, url: string, body: Buffer): Promise<number> {
  const sentMs = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const outgoing = request(url, { agent, method: "POST", headers }, (incoming) => {
      incoming.resume();
      incoming.once("end", () => {
        if (incoming.statusCode === 200) resolve(performance.now() - sentMs);
        else reject(new Error(`${url} answered ${incoming.statusCode}`));
      });
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

/** So many a second, whether or not those before were answered. Milliseconds of each. */
export async function callSteadily(
  url: string,
  body: Buffer,
  { perS, count, agent }: { readonly perS: number; readonly count: number; readonly agent: Agent },
): Promise<readonly number[]> {
  const startMs = performance.now();
  const calls: Promise<number>[] = [];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor(((performance.now() - startMs) / 1000) * perS));
      while (calls.length < due) calls.push(callOnce(agent, url, body));
      if (calls.length < count) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  return Promise.all(calls);
}

/** As fast as it goes, so many at a time, each in turn. Requests a second. */
export async function callFast(
  urls: readonly string[],
  body: Buffer,
  {
    atOnce,
    count,
    agent,
  }: { readonly atOnce: number; readonly count: number; readonly agent: Agent },
): Promise<number> {
  const startMs = performance.now();
  let sent = 0;
  const line = async (): Promise<void> => {
    while (sent < count) {
      const url = urls[sent++ % urls.length] ?? "";
      await callOnce(agent, url, body);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  return count / ((performance.now() - startMs) / 1000);
}
