import { afterEach, expect, test } from "vitest";
import { createNara } from "../../nara/nara.ts";
import { parseOptions } from "../options.ts";
import { type RunningServer, startServer } from "../server.ts";
import { createTestPage } from "../testing.ts";
import { freeRange } from "./testing.ts";

let cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
});

async function start(residents: number): Promise<RunningServer & { readonly first: number }> {
  const page = createTestPage();
  const { first, last } = await freeRange();
  const line = `--port 0 --plaza-tcp off --residents ${residents} --mesh-ports ${first}-${last}`;
  const parsed = parseOptions(line.split(" "), {});
  if (!parsed.ok || parsed.value.type !== "run") throw new Error(line);
  const started = await startServer({
    options: parsed.value.options,
    log: () => {},
    pageFolder: page.folder,
    createResident: (identity, ports) =>
      createNara({ identity, ports: { ...ports, random: { ...ports.random, fraction: () => 0 } } }),
  });
  if (!started.ok) throw new Error(started.refusal);
  cleanUps.push(page.remove, started.value.stop);
  return { ...started.value, first };
}

const gaugeOf = async (server: RunningServer, name: string): Promise<number> => {
  const text = await (await fetch(`${server.url}metrics`)).text();
  return Number(new RegExp(`^nara_relay_${name} (.*)$`, "m").exec(text)?.[1]);
};

test("residents answer at addresses of their own, and the plaza's hey_theres announce them", async () => {
  const server = await start(2);
  while ((await gaugeOf(server, "addresses")) < 2) await new Promise(setImmediate);
  const names: string[] = [];
  for (let port = server.first; names.length < 2 && port < server.first + 40; port++) {
    const answer = await fetch(`http://127.0.0.1:${port}/ping`).catch(() => undefined);
    if (answer === undefined) continue;
    const { from } = (await answer.json()) as { from: string };
    names.push(from);
  }
  expect(names.sort()).toEqual([...server.residents].sort());
  while ((await gaugeOf(server, "announcements")) < 2) await new Promise(setImmediate);
  expect(await gaugeOf(server, "plaza_heard")).toBe(1);
});
