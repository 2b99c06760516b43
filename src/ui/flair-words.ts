/** What each mark in a flair says (docs/protocol/identity.md §4; docs/differences.md). */

export interface FlairMark {
  readonly mark: string;
  readonly meaning: string;
}

const meanings: ReadonlyMap<string, string> = new Map([
  ["🧑‍🚀", "is called like its machine"],
  ["🍓", "lives on a Raspberry Pi"],
  ["❄️", "lives on NixOS"],
  ["🐳", "lives in a cluster of containers"],
  ["🪟", "lives in a window of a browser"],
  ["📱", "lives on a phone or a tablet"],
  ["🧓", "the oldest of all who are here"],
  ["👑", "the oldest of its barrio"],
  ["🐤", "the youngest of all who are here"],
  ["🐦", "the youngest of its barrio"],
  ["🔁", "turned off and on again more often than anybody here"],
  ["🤔", "does not know yet how old it is"],
  ["💬", "feels like talking"],
  ["📈", "its machine is hard at work"],
  ["🆒", "its machine has nothing to do"],
  ["👶", "awake for less than six hours"],
  ["📡", "just woke, and listens before it judges"],
  ["🌙", "has quiet hours"],
]);
const noBond = "👤";
/** Marks of a long flair; the reference makes some twenty. */
const most = 32;

/** The marks in order, each once. */
export function legendOf(nara: {
  readonly flair: string;
  readonly trend: string;
  readonly trendEmoji: string;
}): readonly FlairMark[] {
  const marks = [...new Intl.Segmenter().segment(nara.flair)].map(({ segment }) => segment);
  const legend = marks.slice(0, most).map((mark, at) => ({ mark, meaning: meaningOf(mark, at) }));
  return legend.filter(({ mark }, at) => marks.indexOf(mark) === at);

  function meaningOf(mark: string, at: number): string {
    if (mark === noBond) return "wears a name its soul was not born with";
    const known = meanings.get(mark);
    if (known !== undefined) return known;
    if (at === 0) return "the gem of a soul that wears its own name";
    if (nara.trend !== "" && mark === nara.trendEmoji) return `follows ${nara.trend}`;
    return "what it likes";
  }
}
