/**
 * A soul: the secret a nara is made of. 32 bytes of seed, from which its keys come, and 8 bytes of
 * tag, which bond the seed to a name. As text: base58, at most 55 characters
 * (docs/protocol/identity.md §1). A soul is never sent to anybody.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { sha256 } from "#sha256";
import { decodeBase58, encodeBase58 } from "../codec/base58.ts";
import { utf8 } from "../codec/utf8.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import { nameFromSeed } from "./names.ts";

export interface Soul {
  /** 32 bytes; also the Ed25519 seed (RFC 8032). */
  readonly seed: Uint8Array;
  /** 8 bytes. */
  readonly tag: Uint8Array;
}

export type SoulRefusal = "not base58" | "not 40 bytes";

const seedLength = 32;
const tagLength = 8;
/** No 40 bytes need more characters, so longer text is not worth decoding. */
const longestText = 55;

/** What an unreadable soul text becomes (§1, resolution table). */
export const emptySoul: Soul = {
  seed: new Uint8Array(seedLength),
  tag: new Uint8Array(tagLength),
};

/** Reads a soul's text as it stands: white space is a foreign character too (§1). */
export function parseSoul(text: string): Outcome<Soul, SoulRefusal> {
  if (text.length > longestText) {
    return refuse("not 40 bytes");
  }
  const bytes = decodeBase58(text);
  if (bytes === undefined) {
    return refuse("not base58");
  }
  if (bytes.length !== seedLength + tagLength) {
    return refuse("not 40 bytes");
  }
  return accept({ seed: bytes.slice(0, seedLength), tag: bytes.slice(seedLength) });
}

export function formatSoul(soul: Soul): string {
  return encodeBase58(soulBytes(soul));
}

/** The soul of `name` with this seed. Renaming a nara is binding its seed anew. */
export function bindSoul(seed: Uint8Array, name: string): Soul {
  return { seed, tag: bond(seed, name) };
}

/** Was the soul minted for this very name? Only who holds the soul can tell (§1). */
export function bondHolds(soul: Soul, name: string): boolean {
  return name !== "" && sameBytes(soul.tag, bond(soul.seed, name));
}

/**
 * The soul native to a fingerprint under a chosen name: another name gives another seed (§1).
 *
 * @param fingerprint 32 random bytes, kept for good.
 */
export function mintSoul(fingerprint: Uint8Array, name: string): Soul {
  return bindSoul(nativeSeed(fingerprint, `seed:custom:${name}`), name);
}

/** The soul native to a fingerprint that chose no name; it is bonded to the name its seed gives (§1). */
export function mintNamelessSoul(fingerprint: Uint8Array): Soul {
  const seed = nativeSeed(fingerprint, "seed:generated");
  return bindSoul(seed, nameFromSeed(seed));
}

/** ~44 characters of base58 that tell apart naras of the same name (§1). */
export function naraId(soul: Soul, name: string): string {
  return encodeBase58(sha256(soulBytes(soul), name));
}

export function sameSoul(a: Soul, b: Soul): boolean {
  return sameBytes(a.seed, b.seed) && sameBytes(a.tag, b.tag);
}

function bond(seed: Uint8Array, name: string): Uint8Array {
  return hmac(nobleSha256, seed, utf8(`nara:name:v2:${name}`)).slice(0, tagLength);
}

function nativeSeed(fingerprint: Uint8Array, info: string): Uint8Array {
  return hkdf(nobleSha256, fingerprint, utf8("nara:soul:v2"), utf8(info), seedLength);
}

function soulBytes(soul: Soul): Uint8Array {
  return concatBytes(soul.seed, soul.tag);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
