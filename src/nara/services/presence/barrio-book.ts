/**
 * Where everyone lives. Everybody's barrio is asked for every ten seconds, and each is drawn by a
 * hash: it is drawn anew only for who moved to another cell, and for who tells no place once a day.
 */
import { barrioOf, type Cell, cellOf, type Dweller, monthAt } from "../../identity/barrio.ts";
import type { Clock } from "../../ports.ts";
import type { RoundTrips } from "../../projections/round-trips.ts";
import type { Barrio } from "../../view.ts";

export interface BarrioBook {
  /** Who lives where, by what is known at this moment. */
  today(): (dweller: Dweller) => Barrio;
}

interface Entry {
  /** Of the grid; undefined for who tells no place. */
  readonly cell: Cell | undefined;
  readonly barrio: Barrio;
}

/** More than anybody knows at a time (neighbourhood.ts). */
const maxDwellers = 5_000;
const dayNs = 86_400_000_000_000n;

export function createBarrioBook(
  clock: Pick<Clock, "nowNs">,
  roundTrips: Pick<RoundTrips, "gridMs">,
): BarrioBook {
  const byName = new Map<string, Entry>();
  let day = -1n;
  let month = monthAt(clock.nowNs(), 0);

  return {
    today() {
      const nowNs = clock.nowNs();
      if (nowNs / dayNs !== day || byName.size > maxDwellers) {
        day = nowNs / dayNs;
        month = monthAt(nowNs, 0);
        byName.clear();
      }
      const gridMs = roundTrips.gridMs();
      return (dweller) => {
        const cell = cellOf(dweller.coordinate, gridMs);
        const known = byName.get(dweller.name);
        if (known !== undefined && known.cell?.x === cell?.x && known.cell?.y === cell?.y) {
          return known.barrio;
        }
        const barrio = barrioOf(dweller, { gridMs, month });
        byName.set(dweller.name, { cell, barrio });
        return barrio;
      };
    },
  };
}
