/** Names: how one is made up, which ones we give, which ones we accept (docs/protocol/identity.md §3). */
import { bytesToHex } from "@noble/hashes/utils.js";
import { utf8 } from "../codec/utf8.ts";
import { maxNameCodePoints } from "../limits.ts";
import { createGoRand } from "./go-rand.ts";
import { hash64 } from "./hash64.ts";
import { pick } from "./pick.ts";
import { adjectives, nouns } from "./words.ts";

/** What the reference calls a nara that has nothing to be named after (§3). */
const nameForNothing = "unnamed-nara";

/** `adjective-noun-042`, always the same for the same id (§3). */
export function generateName(id: string): string {
  if (id === "") {
    return nameForNothing;
  }
  const random = createGoRand(hash64(utf8(id)));
  const adjective = pick(adjectives, random.intn(adjectives.length));
  const noun = pick(nouns, random.intn(nouns.length));
  const number = String(random.intn(1000)).padStart(3, "0");
  return `${adjective}-${noun}-${number}`;
}

/** The name a soul has by itself: generated from its seed in lower-case hex (§3). */
export function nameFromSeed(seed: Uint8Array): string {
  return generateName(bytesToHex(seed));
}

/** May this browser's nara take the name? Plain enough for topics, hosts and signed text (design: "What we accept", 8). */
export function isNameWeGive(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(name);
}

/**
 * Do we believe that a nara has this name? Letters and digits of any script in NFC, `.`, `_`, `-`,
 * at most 63 code points (design: "What we accept", 8).
 */
export function isNameWeAccept(name: string): boolean {
  if (/^[A-Za-z0-9._-]{1,63}$/.test(name)) return true;
  const isShort = name.length <= 2 * maxNameCodePoints && [...name].length <= maxNameCodePoints;
  return isShort && /^[\p{L}\p{Nd}._-]+$/u.test(name) && name === name.normalize("NFC");
}
