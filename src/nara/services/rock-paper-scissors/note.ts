/** How a game reads in the timeline. */
import type { Played } from "./rock-paper-scissors.ts";

const icons = { rock: "🪨", paper: "📄", scissors: "✂️" } as const;
const ends = { won: "you won", lost: "it won", drawn: "a draw", forfeited: "it gave up" } as const;

export const gameNote = ({ name, mine, theirs, outcome }: Played) => ({
  kind: "game" as const,
  about: name,
  icon: icons[mine],
  text: `you and ${name} played rock-paper-scissors`,
  detail: `${ends[outcome]}: ${mine} against ${theirs ?? "no hand"}`,
  signed: theirs !== undefined,
});
