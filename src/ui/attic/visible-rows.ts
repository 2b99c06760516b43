/** Which rows of a long list need to be there: those in sight, and a few on either side. */

export interface Sight {
  /** How far the list is scrolled, px. */
  readonly topPx: number;
  /** Height of what is seen of it, px. */
  readonly heightPx: number;
  /** Every row is as high as the others, px. */
  readonly rowPx: number;
  readonly total: number;
  /** A row that has the focus stays, wherever it is; -1 for none. */
  readonly held: number;
}

/** Rows beyond sight, so that a short scroll meets rows that are drawn already. */
const beyond = 8;

/** Browsers lay out no element that is much higher; Firefox stops at 17 895 697 px. */
const highestPx = 15_000_000;

/** Ascending indexes. */
export const visibleRows = (sight: Sight): readonly number[] => {
  const { topPx, heightPx, rowPx, held } = sight;
  const total = shownRows(sight.total, rowPx);
  if (rowPx <= 0 || total === 0) return [];
  const first = Math.min(Math.max(0, Math.floor(topPx / rowPx) - beyond), total - 1);
  const last = Math.min(total - 1, Math.ceil((topPx + heightPx) / rowPx) + beyond);
  const rows = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  if (held >= 0 && held < first) return [held, ...rows];
  return held > last && held < total ? [...rows, held] : rows;
};

/** How many rows a list can show at all. */
export const shownRows = (total: number, rowPx: number): number =>
  rowPx <= 0 ? total : Math.min(total, Math.floor(highestPx / rowPx));
