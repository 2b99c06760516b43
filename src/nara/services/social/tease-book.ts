/** Who teased whom when: nobody teases the same nara twice in five minutes (presence-and-life.md §7). */

export interface TeaseBook {
  mayTease(actor: string, target: string): boolean;
  record(actor: string, target: string): void;
  /** Forgets entries that matter no more. */
  tidy(): void;
  readonly size: number;
}

/** `cooldown` and `cooldown_forget` of docs/protocol/tables/tease-reasons.json. */
const cooldownS = 300;
const forgetAfterS = 600;

/** @param nowS Unix seconds. */
export function createTeaseBook(nowS: () => number): TeaseBook {
  const teasedAtS = new Map<string, number>();
  /** Names hold no spaces. */
  const keyOf = (actor: string, target: string): string => `${actor} ${target}`;

  return {
    mayTease(actor, target) {
      const lastS = teasedAtS.get(keyOf(actor, target));
      return lastS === undefined || nowS() - lastS > cooldownS;
    },
    record: (actor, target) => void teasedAtS.set(keyOf(actor, target), nowS()),
    tidy() {
      for (const [key, atS] of teasedAtS) {
        if (nowS() - atS > forgetAfterS) teasedAtS.delete(key);
      }
    },
    get size() {
      return teasedAtS.size;
    },
  };
}
