/** The gem a nara wears while its bond holds (docs/protocol/identity.md §3). */
import { utf8 } from "../codec/utf8.ts";
import { hash64 } from "./hash64.ts";
import { pick } from "./pick.ts";
import { gemstones } from "./words.ts";

export function gemstoneOf(name: string, soulText: string): string {
  const index = hash64(utf8(name), utf8(soulText)) % BigInt(gemstones.length);
  return pick(gemstones, Number(index));
}
