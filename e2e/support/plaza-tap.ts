/** A silent ear on a plaza. */
import { connectAsync } from "mqtt";

export interface Said {
  readonly topic: string;
  readonly payload: string;
}

export interface PlazaTap {
  /** Everything heard so far, oldest first. */
  heard(): readonly Said[];
  /** The first message that fits, of those heard and those to come. */
  until(fits: (said: Said) => boolean): Promise<Said>;
  close(): Promise<void>;
}

/** @param url `ws://`, `mqtt://`, with user and password if need be. */
export async function tapPlaza(url: string): Promise<PlazaTap> {
  const client = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 });
  const heard: Said[] = [];
  const listeners = new Set<(said: Said) => void>();
  client.on("message", (topic, payload) => {
    const said = { topic, payload: payload.toString() };
    heard.push(said);
    for (const listener of listeners) {
      listener(said);
    }
  });
  await client.subscribeAsync("nara/#");
  return {
    heard: () => heard,
    until: (fits) => {
      const already = heard.find(fits);
      if (already !== undefined) {
        return Promise.resolve(already);
      }
      return new Promise((resolve) => {
        const listener = (said: Said): void => {
          if (fits(said)) {
            listeners.delete(listener);
            resolve(said);
          }
        };
        listeners.add(listener);
      });
    },
    close: () => client.endAsync(),
  };
}
