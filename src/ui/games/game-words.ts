/** How a game of rock-paper-scissors is told. */
import type { GamesView } from "../../nara/view.ts";
import type { CommandResult } from "../../worker/protocol.ts";

type Played = Extract<CommandResult, { type: "played" }>["played"];
export type Hand = Played["mine"];

export const hands = [
  { hand: "rock", icon: "🪨" },
  { hand: "paper", icon: "📄" },
  { hand: "scissors", icon: "✂️" },
] as const satisfies readonly { readonly hand: Hand; readonly icon: string }[];

export const iconOf = (wanted: Hand): string =>
  hands.find(({ hand }) => hand === wanted)?.icon ?? "";

/** What a hand does to the one it beats. */
const deed = { rock: "blunts", paper: "wraps", scissors: "cut" } as const;

export function playedLine({ name, mine, theirs, outcome }: Played): string {
  if (theirs === undefined || outcome === "forfeited") {
    return `${name} did not open the hand it had sealed. the game is yours.`;
  }
  if (outcome === "drawn") return `${mine} and ${theirs}: you two think alike.`;
  return outcome === "won"
    ? `your ${mine} ${deed[mine]} the ${theirs} of ${name}. well played; it wants to try again.`
    : `the ${theirs} of ${name} ${deed[theirs]} your ${mine}. it is so proud, let it have this one.`;
}

export const scoreLine = ({ won, lost, drawn }: GamesView): string =>
  won + lost + drawn === 0
    ? "no game in this life yet."
    : `in this life: ${won} won, ${lost} lost, ${drawn} drawn.`;
