/** How a game reads in the timeline. */
import type { Played } from "./rock-paper-scissors.ts";
import type { Hand } from "./rules.ts";

const icons: Readonly<Record<Hand, string>> = { rock: "🪨", paper: "📄", scissors: "✂️" };

/** @param isMine my person challenged; else I was asked, and played by myself. */
export const gameNote = ({ name, mine, theirs, outcome }: Played, isMine: boolean) => ({
  kind: "game" as const,
  about: name,
  icon: icons[mine],
  text: isMine ? `you challenged ${name}` : `${name} challenged you`,
  detail: `${{ won: "you won", lost: "you lost", drawn: "a draw", forfeited: "it forfeited" }[outcome]}: ${mine} against ${theirs ?? "no hand"}`,
  signed: true,
});
