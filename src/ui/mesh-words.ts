/** How the page puts the mesh: what it is good for, and what goes undone without it. */
import type { MeshAbility, MeshView, TransportChoice } from "../nara/view.ts";
import type { CommandResult } from "../worker/protocol.ts";
import { counted } from "./words.ts";

export const transportChoices: readonly TransportChoice[] = ["auto", "hybrid", "mqtt", "gossip"];

/** What each way of talking means (docs/protocol/presence-and-life.md §1, Modes). */
export const transportMeaning = (choice: TransportChoice): string =>
  ({
    auto: "both ways where others can call it, else on the plaza",
    hybrid: "on the plaza, and from nara to nara",
    mqtt: "on the plaza alone",
    gossip: "from nara to nara alone",
  })[choice];

/** Said when it was chosen. */
export const talkLine = (choice: TransportChoice): string =>
  `from now on it talks ${transportMeaning(choice)}.`;

/** What goes undone (src/nara/view.ts, MeshAbility). */
export const lacking = (ability: MeshAbility): string =>
  ({
    calls: "nobody can call it",
    zines: "no news go from hand to hand",
    memories: "nobody is asked what it missed",
    messages: "nobody gets a word from it alone",
    plaza: "it neither hears nor speaks on the plaza",
  })[ability];

/** One line while memories are fetched; undefined while none are. */
export function rememberingLine({
  remembering,
}: Pick<MeshView, "remembering">): string | undefined {
  if (remembering === null) return undefined;
  const { got, wanted, from, isWaiting } = remembering;
  if (isWaiting) return `remembering… ${counted(got)} so far; it asks again soon`;
  if (from.length === 0) return "remembering… asking the neighbours";
  const neighbours = from.length === 1 ? "1 neighbour" : `${from.length} neighbours`;
  return `remembering… ${counted(got)} of ${counted(wanted)} events from ${neighbours}`;
}

/** What the last fetching brought; undefined before there was one. */
export function rememberedLine({ remembered }: Pick<MeshView, "remembered">): string | undefined {
  if (remembered === null) return undefined;
  const { got, from } = remembered;
  if (from.length === 0) return "nobody had anything to tell when it woke.";
  const neighbours = from.length === 1 ? "1 neighbour" : `${from.length} neighbours`;
  return `when it woke, ${neighbours} told it ${counted(got)} events.`;
}

/** How a tease went. */
export const teasedLine = (
  { words, way, isKept }: Extract<CommandResult, { type: "teased" }>,
  name: string,
): string =>
  ({
    hand: `“${words}”, you whisper to ${name}${isKept ? "" : ", who shrugs it off"}.`,
    plaza: `“${words}”, you call across the plaza.`,
    zine: `“${words}”: it goes with your next zine.`,
  })[way];
