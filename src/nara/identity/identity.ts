/** Everything that a nara is by birth: it follows from its soul and its name, and never changes. */
import type { Personality } from "../view.ts";
import { personalFlair } from "./flair.ts";
import { gemstoneOf } from "./gemstone.ts";
import { personalityOf } from "./personality.ts";
import { bondHolds, formatSoul, naraId, type Soul } from "./soul.ts";

export interface Identity {
  readonly name: string;
  /** Secret. `soul.seed` makes the signing keys: `crypto.keyPair(soul.seed)`. */
  readonly soul: Soul;
  /** Secret. */
  readonly soulText: string;
  readonly id: string;
  /** The soul was minted for this name. A broken bond only warns (docs/protocol/identity.md §1). */
  readonly bondValid: boolean;
  readonly personality: Personality;
  readonly gemstone: string;
  readonly personalFlair: string;
}

export function createIdentity(soul: Soul, name: string): Identity {
  const soulText = formatSoul(soul);
  const personality = personalityOf(soulText);
  return {
    name,
    soul,
    soulText,
    id: naraId(soul, name),
    bondValid: bondHolds(soul, name),
    personality,
    gemstone: gemstoneOf(name, soulText),
    personalFlair: personalFlair(name, personality.sociability),
  };
}
