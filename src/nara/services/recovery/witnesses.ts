/**
 * Those who are asked for memories: whom to ask next, who has told all, who gets a rest and who is
 * given up. Each is asked one thing at a time.
 */
import type { AskRefusal } from "../../mesh/ask.ts";
import type { Taken } from "../../trust/intake.ts";

export interface Witnesses {
  /** Who may be asked now, each in turn; undefined for nobody. It counts as asked until told. */
  next(): string | undefined;
  /** It answered. @param isAll it knows nothing more. */
  told(name: string, isAll: boolean): void;
  /** It did not, or not so that it can be believed. */
  failed(name: string, refusal: Pick<AskRefusal, "type" | "status">): void;
  lied(name: string): void;
  /** It was never asked: what stood in the way was mine. */
  excuse(name: string): void;
  /** The way to all of them was broken: those who were silent may be asked again. */
  forgive(): void;
  /** Milliseconds until somebody has rested; undefined when nobody rests. */
  restMs(): number | undefined;
  /** Names of those who told something. */
  from(): readonly string[];
  givenUp(): readonly string[];
  /** Names of those who were asked and told nothing, given up or not. */
  unheard(): readonly string[];
  isLiar(name: string): boolean;
}

export interface WitnessesParts {
  /** Everybody who could be asked, the first to be asked first. */
  candidates(): readonly string[];
  readonly most: number;
  monotonicMs(): number;
}

/** Failures in a row after which a neighbour is left alone. */
const mostFailures = 3;
/** A rest after each; a relay that restarts is back within it. */
const restMs = 30_000;
/** Of so many events that prove false, more than half, nobody sends by accident. */
const leastFalse = 10;

interface Witness {
  isBusy: boolean;
  isAll: boolean;
  hasTold: boolean;
  failures: number;
  readyAtMs: number;
  givenUp: "" | "silent" | "refused" | "lied";
}

export function createWitnesses({ candidates, most, monotonicMs }: WitnessesParts): Witnesses {
  /** In order of the last question. */
  const asked = new Map<string, Witness>();

  const of = (name: string): Witness =>
    asked.get(name) ?? {
      ...{ isBusy: false, isAll: false, hasTold: false, failures: 0, readyAtMs: 0, givenUp: "" },
    };

  const isFree = (name: string): boolean => {
    const { isBusy, isAll, givenUp, readyAtMs } = of(name);
    return !isBusy && !isAll && givenUp === "" && readyAtMs <= monotonicMs();
  };

  const giveUp = (name: string, why: Exclude<Witness["givenUp"], "">): void => {
    of(name).givenUp = why;
  };

  const named = (wanted: (witness: Witness) => boolean): string[] =>
    [...asked].filter(([, witness]) => wanted(witness)).map(([name]) => name);

  return {
    next() {
      const names = candidates();
      const here = new Set(names);
      const heeded = named(({ givenUp }) => givenUp === "");
      const fresh = names.filter((name) => !asked.has(name));
      const inTurn = [...fresh.slice(0, Math.max(0, most - heeded.length)), ...heeded];
      const name = inTurn.find((one) => here.has(one) && isFree(one));
      if (name === undefined) return undefined;
      const witness = of(name);
      witness.isBusy = true;
      asked.delete(name);
      asked.set(name, witness);
      return name;
    },
    told(name, isAll) {
      Object.assign(of(name), { isBusy: false, isAll, hasTold: true, failures: 0 });
    },
    failed(name, { type, status = 0 }) {
      const witness = of(name);
      const isOverloaded = status === 429 || status >= 500;
      witness.isBusy = false;
      witness.failures += 1;
      witness.readyAtMs = monotonicMs() + restMs;
      if (type === "unbelieved" || type === "too_large") giveUp(name, "lied");
      else if (type === "refused" && !isOverloaded) giveUp(name, "refused");
      else if (witness.failures >= mostFailures) giveUp(name, "silent");
    },
    lied(name) {
      of(name).isBusy = false;
      giveUp(name, "lied");
    },
    excuse(name) {
      of(name).isBusy = false;
    },
    forgive() {
      for (const witness of asked.values()) {
        Object.assign(witness, { failures: 0, readyAtMs: 0 });
        if (witness.givenUp === "silent") witness.givenUp = "";
      }
    },
    restMs() {
      const resting = [...asked.values()].filter(
        ({ givenUp, isAll, isBusy, readyAtMs }) =>
          givenUp === "" && !isAll && !isBusy && readyAtMs > monotonicMs(),
      );
      if (resting.length === 0) return undefined;
      return Math.min(...resting.map(({ readyAtMs }) => readyAtMs)) - monotonicMs();
    },
    from: () => named(({ hasTold }) => hasTold),
    givenUp: () => named(({ givenUp }) => givenUp !== ""),
    unheard: () => named(({ hasTold }) => !hasTold),
    isLiar: (name) => of(name).givenUp === "lied",
  };
}

/** Whether most of what somebody told is made up. */
export function isMadeUp({ added, dropped }: Taken): boolean {
  const madeUp = (dropped.get("id_mismatch") ?? 0) + (dropped.get("invalid_signature") ?? 0);
  return madeUp >= leastFalse && madeUp > added;
}
