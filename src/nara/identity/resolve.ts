/** Who a nara is, from what it was started with (docs/protocol/identity.md §1, resolution table). */
import { nameFromSeed } from "./names.ts";
import {
  bondHolds,
  emptySoul,
  formatSoul,
  mintNamelessSoul,
  mintSoul,
  naraId,
  parseSoul,
  type Soul,
  sameSoul,
} from "./soul.ts";

export interface Beginnings {
  /** The name asked for; "" for none. */
  readonly name: string;
  /** The soul text brought along; "" for none. */
  readonly soulText: string;
  /** From `shortHostname`; a browser has none and says "localhost". */
  readonly hostname: string;
  /** What native souls are minted from: 32 stored random bytes. */
  readonly fingerprint: Uint8Array;
}

export interface ResolvedIdentity {
  readonly name: string;
  /** All zero when the soul text could not be read. */
  readonly soul: Soul;
  readonly soulText: string;
  /** "" when the soul text could not be read. */
  readonly id: string;
  readonly bondValid: boolean;
  /** This fingerprint would mint this very soul. False for a soul that travelled here. */
  readonly native: boolean;
}

/** Parts of names that machines come with (§1). `Mac` is listed there too but can never match. */
const genericParts = [
  "localhost",
  "raspberrypi",
  "raspberry",
  "debian",
  "ubuntu",
  "nixos",
  "nara",
] as const;

export function resolveIdentity(beginnings: Beginnings): ResolvedIdentity {
  const candidate = beginnings.name === "" ? beginnings.hostname : beginnings.name;
  const isGeneric = isGenericName(candidate);
  const { fingerprint, soulText } = beginnings;

  const native = isGeneric ? mintNamelessSoul(fingerprint) : mintSoul(fingerprint, candidate);
  if (soulText === "") {
    return resolved(native, isGeneric ? nameFromSeed(native.seed) : candidate, native);
  }
  const brought = parseSoul(soulText);
  if (!brought.ok) {
    return {
      name: candidate,
      soul: emptySoul,
      soulText: formatSoul(emptySoul),
      id: "",
      bondValid: false,
      native: false,
    };
  }
  const soul = brought.value;
  return resolved(soul, isGeneric ? nameFromSeed(soul.seed) : candidate, native);
}

/**
 * Would many machines have this name? Then a name is generated instead, even for one that was
 * asked for (§1). Twelve or more hexadecimal digits look like a container's id.
 */
export function isGenericName(name: string): boolean {
  const lower = lowerCase(name);
  return genericParts.some((part) => lower.includes(part)) || /^[0-9a-f]{12,}$/.test(lower);
}

/** A host name up to its first dot (§1). */
export function shortHostname(hostname: string): string {
  const dot = hostname.indexOf(".");
  return dot === -1 ? hostname : hostname.slice(0, dot);
}

function resolved(soul: Soul, name: string, native: Soul): ResolvedIdentity {
  return {
    name,
    soul,
    soulText: formatSoul(soul),
    id: naraId(soul, name),
    bondValid: bondHolds(soul, name),
    native: sameSoul(soul, native),
  };
}

/** Go lowers one character to one: its İ becomes i, where JavaScript adds a combining dot. */
function lowerCase(text: string): string {
  return text.replaceAll("İ", "i").toLowerCase();
}
