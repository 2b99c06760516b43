/**
 * The weather between naras: how long what one says takes to another, whether it gets lost, comes
 * twice, or cannot come at all. Waits differ from message to message, so late ones overtake.
 */
import type { Random } from "../ports.ts";

export interface Conditions {
  /** Each way, ms: anything between the two is as likely. */
  readonly latencyMs: { readonly least: number; readonly most: number };
  /** Share of messages that never arrive, 0–1. */
  readonly loss: number;
  /** Share of those that arrive twice, 0–1. */
  readonly duplicates: number;
}

/** After how many ms each copy of a message arrives; none of one that is lost. */
export type Journey = (from: string, to: string) => readonly number[];

export interface Weather {
  readonly journey: Journey;
  /** It is another from now on. */
  turn(conditions: Partial<Conditions>): void;
  /** From now on nothing passes between the groups. Who is in none talks to nobody but its like. */
  split(groups: readonly (readonly string[])[]): void;
  heal(): void;
  /** Nothing passes between the two. */
  isCut(one: string, other: string): boolean;
}

export const calm: Conditions = { latencyMs: { least: 0, most: 0 }, loss: 0, duplicates: 0 };

export function createWeather(random: Random, atFirst: Partial<Conditions> = {}): Weather {
  let conditions: Conditions = { ...calm, ...atFirst };
  let groupOf = new Map<string, number>();

  const latency = (): number => {
    const { least, most } = conditions.latencyMs;
    return least === most ? least : least + random.fraction() * (most - least);
  };
  const happens = (share: number): boolean => share > 0 && random.fraction() < share;
  const isCut = (one: string, other: string): boolean => groupOf.get(one) !== groupOf.get(other);

  return {
    isCut,
    journey(from, to) {
      if (isCut(from, to) || happens(conditions.loss)) return [];
      return happens(conditions.duplicates) ? [latency(), latency()] : [latency()];
    },
    turn(changes) {
      conditions = { ...conditions, ...changes };
    },
    split(groups) {
      groupOf = new Map(groups.flatMap((names, group) => names.map((name) => [name, group])));
    },
    heal() {
      groupOf = new Map();
    },
  };
}
