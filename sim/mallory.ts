/**
 * Somebody on the plaza who has no nara: overhears what others say, and says it again altered, in
 * another's name, or as it was. Nobody may ever believe it.
 */
import type { PlazaTraffic } from "../src/nara/testing/in-memory-plaza.ts";
import type { SeededRandom } from "../src/nara/testing/seeded-random.ts";

export interface Mallory {
  overhear(sent: PlazaTraffic): void;
  /** `ms` have passed since the last time. */
  act(ms: number): void;
}

/** Stands in the Status of newspapers that mallory altered. */
export const forgedTrend = "forged";

/** Twice a minute, on average. */
const betweenForgeriesMs = 30_000;
/** Messages remembered. */
const mostOverheard = 100;

export function createMallory(
  random: SeededRandom,
  say: (topic: string, payload: Uint8Array) => void,
): Mallory {
  const overheard: PlazaTraffic[] = [];
  const names = new Set<string>();

  const oneOf = <Item>(items: readonly Item[]): Item | undefined =>
    items[Math.floor(random.fraction() * items.length)];

  const forgeries: readonly ((sent: PlazaTraffic, text: string) => void)[] = [
    ({ topic, payload }) => say(topic, payload),
    function inAnothersName({ from, topic }, text) {
      const victim = oneOf([...names].filter((name) => name !== from));
      if (victim === undefined) return;
      const altered = text.replaceAll(`"${from}"`, JSON.stringify(victim));
      say(topic.replace(from, victim), bytesOf(altered));
    },
    function withAnotherDigit({ topic }, text) {
      const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
      const at = oneOf(digits);
      if (at === undefined) return;
      const digit = (Number(text[at]) + 1 + Math.floor(9 * random.fraction())) % 10;
      say(topic, bytesOf(text.slice(0, at) + digit + text.slice(at + 1)));
    },
    function withOtherNews({ topic }, text) {
      say(topic, bytesOf(text.replace(/"Trend":"[^"]*"/, `"Trend":"${forgedTrend}"`)));
    },
  ];

  return {
    overhear(sent) {
      if (sent.from !== "") names.add(sent.from);
      overheard.push(sent);
      if (overheard.length > mostOverheard) overheard.shift();
    },
    act(ms) {
      if (random.fraction() >= ms / betweenForgeriesMs) return;
      const sent = oneOf(overheard);
      if (sent !== undefined) oneOf(forgeries)?.(sent, new TextDecoder().decode(sent.payload));
    },
  };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
