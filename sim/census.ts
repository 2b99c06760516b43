/** What was said in a simulation, by kind, and how long naras lived to say it. */
import type { MeshTraffic } from "../src/nara/testing/in-memory-mesh.ts";
import type { PlazaTraffic } from "../src/nara/testing/in-memory-plaza.ts";

/** Counts by kind: `newspaper` of the plaza, `GET /ping` of the mesh. */
export type Counts = ReadonlyMap<string, number>;

export interface Census {
  said(sent: PlazaTraffic): void;
  heard(sent: PlazaTraffic): void;
  asked(exchange: MeshTraffic): void;
  /** So many naras were up for so long. */
  lived(naras: number, ms: number): void;
  /** Forgets all so far. */
  reset(): void;
  /** What one nara says in a minute, of what others asked nothing. */
  saidPerMinute(): Counts;
  /** What one nara hears in a minute on the plaza. */
  heardPerMinute(): Counts;
  /** Bytes of the plaza that one nara hears in a minute. */
  heardBytesPerMinute(): number;
  /** Lived by all naras together, what was forgotten included. */
  allNaraMinutes(): number;
}

export function createCensus(): Census {
  const said = new Map<string, number>();
  const heard = new Map<string, number>();
  let heardBytes = 0;
  let livedMs = 0;
  let allLivedMs = 0;

  const count = (counts: Map<string, number>, kind: string): void => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  };
  const perMinute = (counts: Counts): Counts =>
    new Map(
      [...counts]
        .map(([kind, times]) => [kind, times / (livedMs / 60_000)] as const)
        .sort(([, one], [, other]) => other - one),
    );

  return {
    said: ({ topic }) => count(said, kindOf(topic)),
    heard({ topic, payload }) {
      count(heard, kindOf(topic));
      heardBytes += payload.length;
    },
    asked: ({ request }) =>
      count(
        said,
        `${request.method} ${request.target.replace(/\?.*/, "").replace(/^(\/stamp|\/world)\/.*/, "$1")}`,
      ),
    lived(naras, ms) {
      livedMs += naras * ms;
      allLivedMs += naras * ms;
    },
    reset() {
      said.clear();
      heard.clear();
      heardBytes = 0;
      livedMs = 0;
    },
    saidPerMinute: () => perMinute(said),
    heardPerMinute: () => perMinute(heard),
    heardBytesPerMinute: () => heardBytes / (livedMs / 60_000),
    allNaraMinutes: () => allLivedMs / 60_000,
  };
}

export const sumOf = (counts: Counts): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/** `nara/plaza/howdy` is a howdy, `nara/newspaper/alice` a newspaper. */
function kindOf(topic: string): string {
  const [, place = "", kind = ""] = topic.split("/");
  return place === "plaza" ? kind : place;
}
