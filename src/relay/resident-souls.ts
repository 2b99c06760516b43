/** Who lives in the server: souls from a file, or newly minted ones as different as can be. */
import { readFileSync } from "node:fs";
import { createIdentity, type Identity } from "../nara/identity/identity.ts";
import { isNameWeAccept, isNameWeGive, nameFromSeed } from "../nara/identity/names.ts";
import { isGenericName } from "../nara/identity/resolve.ts";
import { bondHolds, mintNamelessSoul, parseSoul } from "../nara/identity/soul.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import type { Random } from "../nara/ports.ts";
import { candidatesPerResident, maxResidents } from "./limits.ts";

/**
 * Mints a few souls for each one wanted and keeps those whose personalities lie furthest apart.
 */
export function mintResidents(count: number, random: Random): readonly Identity[] {
  const candidates = Array.from({ length: count * candidatesPerResident }, () => {
    const soul = mintNamelessSoul(random.bytes(32));
    return createIdentity(soul, nameFromSeed(soul.seed));
  });
  const chosen: Identity[] = [];
  const distances = candidates.map(() => Number.POSITIVE_INFINITY);
  while (chosen.length < count) {
    const furthest = distances.indexOf(Math.max(...distances));
    const next = candidates[furthest];
    if (next === undefined || distances[furthest] === never) break;
    chosen.push(next);
    for (const [index, candidate] of candidates.entries()) {
      distances[index] = Math.min(distances[index] ?? 0, difference(candidate, next));
    }
  }
  return chosen;
}

/**
 * One `soul` or `name soul` a line; empty lines and lines that begin with `#` are skipped. A
 * refusal names the file and the line, never the soul.
 */
export function readResidents(file: string): Outcome<readonly Identity[]> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    return refuse(`souls file ${file} cannot be read${code}`);
  }
  const residents: Identity[] = [];
  for (const [index, line] of text
    .replace(/^\u{feff}/u, "")
    .split("\n")
    .entries()) {
    const words = line.trim().split(/\s+/);
    if (words[0] === "" || words[0]?.startsWith("#")) continue;
    const resident = residentOf(words);
    const at = `souls file ${file}, line ${index + 1}`;
    if (!resident.ok) return refuse(`${at}: ${resident.refusal}`);
    const { name } = resident.value;
    if (residents.some((other) => other.name === name)) {
      return refuse(`${at}: "${name}" lives here already`);
    }
    residents.push(resident.value);
    if (residents.length > maxResidents) return refuse(`${at}: more than ${maxResidents} souls`);
  }
  return residents.length > 0 ? accept(residents) : refuse(`souls file ${file} holds no soul`);
}

function residentOf(words: readonly string[]): Outcome<Identity> {
  if (words.length > 2) return refuse("wanted `soul` or `name soul`");
  const parsed = parseSoul(words.at(-1) ?? "");
  if (!parsed.ok) return refuse(`not a soul (${parsed.refusal})`);
  const soul = parsed.value;
  const given = words.length === 2 ? words[0] : undefined;
  if (given === undefined || isGenericName(given)) {
    return accept(createIdentity(soul, nameFromSeed(soul.seed)));
  }
  const isName = isNameWeGive(given) || (isNameWeAccept(given) && bondHolds(soul, given));
  return isName
    ? accept(createIdentity(soul, given))
    : refuse("its name is not 1 to 63 of a–z, 0–9 and “-”");
}

const never = Number.NEGATIVE_INFINITY;

/** `brave-llama` of `brave-llama-042`: two of them would be taken for each other. */
const familyOf = ({ name }: Identity): string => name.replace(/-\d+$/, "");

/** Two of one family come last; two of one name could not both join. */
function difference(one: Identity, other: Identity): number {
  if (one.name === other.name) return never;
  if (familyOf(one) === familyOf(other)) return -1;
  const a = one.personality;
  const b = other.personality;
  return Math.hypot(
    a.agreeableness - b.agreeableness,
    a.sociability - b.sociability,
    a.chill - b.chill,
  );
}
