/** Whom a kept or imported soul makes, and what is wrong when it makes nobody. */
import { createIdentity, type Identity } from "../nara/identity/identity.ts";
import { isNameWeAccept, isNameWeGive, nameFromSeed } from "../nara/identity/names.ts";
import { isGenericName } from "../nara/identity/resolve.ts";
import { bindSoul, bondHolds, mintNamelessSoul, parseSoul } from "../nara/identity/soul.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import type { KeptSoul } from "./soul-store.ts";

/** @param fingerprint 32 random bytes. */
export function mint(fingerprint: Uint8Array): Identity {
  const soul = mintNamelessSoul(fingerprint);
  return createIdentity(soul, nameFromSeed(soul.seed));
}

/**
 * Reads a soul that is kept under a name or comes from elsewhere. A name that many machines have,
 * or none, gives way to the one the soul's seed generates (docs/protocol/identity.md §1,
 * resolution). A broken bond is no refusal. Refusals never repeat the soul, which is a secret.
 */
export function whoIs(kept: KeptSoul): Outcome<Identity> {
  const parsed = parseSoul(kept.soul);
  if (!parsed.ok) return refuse(whyNoSoul(kept.soul, parsed.refusal));
  const soul = parsed.value;
  const isNameless = kept.name === "" || isGenericName(kept.name);
  const name = isNameless ? nameFromSeed(soul.seed) : kept.name;
  const isName = isNameWeGive(name) || (isNameWeAccept(name) && bondHolds(soul, name));
  return isName ? accept(createIdentity(soul, name)) : refuse(whyNoName(name));
}

/** The same seed bound to another name. */
export function renamed(present: Identity, name: string): Outcome<Identity> {
  if (!isNameWeGive(name)) return refuse(whyNoName(name));
  if (isGenericName(name)) {
    return refuse(`“${name}” is a name that many machines have; choose one of your own.`);
  }
  return accept(createIdentity(bindSoul(present.soul.seed, name), name));
}

export function isSame(a: Identity, b: Identity): boolean {
  return a.soulText === b.soulText && a.name === b.name;
}

function whyNoSoul(text: string, refusal: "not base58" | "not 40 bytes"): string {
  if (text === "") return "It is not a soul: it is empty.";
  if (refusal === "not 40 bytes") {
    return `It is not a soul: its ${text.length} characters do not hold 40 bytes. A soul has about 55.`;
  }
  const foreign = [...text].find((character) => !/[1-9A-HJ-NP-Za-km-z]/.test(character));
  return `It is not a soul: “${foreign}” cannot be part of one (base58).`;
}

function whyNoName(name: string): string {
  return `“${name.slice(0, 80)}” cannot be a name: 1 to 63 of a–z, 0–9 and “-”, not beginning with “-”.`;
}
