/** Who the reference makes of a name, a host, a fingerprint and a soul (docs/protocol/identity.md §1–§5). */
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { expect } from "vitest";
import { auraOf } from "../../src/nara/identity/aura.ts";
import { flairOf } from "../../src/nara/identity/flair.ts";
import { createIdentity } from "../../src/nara/identity/identity.ts";
import { nameFromSeed } from "../../src/nara/identity/names.ts";
import { resolveIdentity } from "../../src/nara/identity/resolve.ts";
import { mintNamelessSoul, mintSoul, parseSoul } from "../../src/nara/identity/soul.ts";
import { publicKeyText, signText } from "./signing.ts";
import { coverSections, testCases, vectors } from "./support.ts";

const file = "souls.json";

interface Resolution {
  readonly nameArg: string;
  readonly soulArg: string;
  readonly hostname: string;
  readonly name: string;
  readonly soul: string;
  readonly id: string;
  readonly bondValid: boolean;
  readonly native: boolean;
}

interface SoulVector {
  readonly kind: string;
  readonly name: string;
  readonly soul: string;
  readonly fingerprintHex: string;
  readonly seedHex: string;
  readonly tagHex: string;
  readonly id: string;
  readonly bondValid: boolean;
  readonly nameFromSeed: string;
  readonly gemstone: string;
  readonly personality: { Agreeableness: number; Sociability: number; Chill: number };
  readonly publicKey: string;
  readonly signatureOfName: string;
  readonly flairElsewhereNoTrend: string;
  readonly auras: readonly { primary: string; secondary: string; uptime: number }[];
}

coverSections(file, {
  resolutions: (cases: readonly Resolution[]) => testCases(cases, checkResolution),
  souls: (cases: readonly SoulVector[]) => testCases(cases, checkSoul),
});

function checkResolution({ nameArg, soulArg, hostname, ...expected }: Resolution): void {
  const made = resolveIdentity({
    name: nameArg,
    soulText: soulArg,
    hostname,
    fingerprint: hexToBytes(vectors<{ fingerprintHex: string }>(file).fingerprintHex),
  });
  const { name, soulText, id, bondValid, native } = made;
  expect({ name, soul: soulText, id, bondValid, native }).toEqual(expected);
}

function checkSoul(vector: SoulVector): void {
  const { name } = vector;
  const parsed = parseSoul(vector.soul);
  if (!parsed.ok) {
    throw new Error(`${vector.soul}: ${parsed.refusal}`);
  }
  const soul = parsed.value;
  expect(bytesToHex(soul.seed)).toBe(vector.seedHex);
  expect(bytesToHex(soul.tag)).toBe(vector.tagHex);
  const fingerprint = hexToBytes(vector.fingerprintHex);
  if (vector.kind === "generated") {
    expect(mintNamelessSoul(fingerprint)).toEqual(soul);
  } else if (vector.kind === "custom") {
    expect(mintSoul(fingerprint, name)).toEqual(soul);
  }
  expect(nameFromSeed(soul.seed)).toBe(vector.nameFromSeed);
  expect(publicKeyText(soul.seed)).toBe(vector.publicKey);
  expect(signText(soul.seed, name)).toBe(vector.signatureOfName);

  const identity = createIdentity(soul, name);
  const { Agreeableness, Sociability, Chill } = vector.personality;
  expect(identity).toMatchObject({
    soulText: vector.soul,
    id: vector.id,
    bondValid: vector.bondValid,
    gemstone: vector.gemstone,
    personality: { agreeableness: Agreeableness, sociability: Sociability, chill: Chill },
  });
  expect(flairOf({ ...identity, ...elsewhere(name) })).toBe(vector.flairElsewhereNoTrend);
  for (const { uptime, primary, secondary } of vector.auras) {
    expect({ uptime, ...auraOf({ ...identity, uptimeS: uptime }) }).toEqual({
      uptime,
      primary,
      secondary,
    });
  }
}

/** On another host, alone, in no trend and in no particular mood. */
function elsewhere(name: string) {
  return {
    host: { hostname: `not-${name}`, raspberryPi: false, nixOs: false, kubernetes: false },
    trend: "",
    trendEmoji: "",
    self: { startTimeS: 0, restarts: 0, lastSeenS: 86_400, lastRestartS: 0 },
    peers: [],
    isNextDoor: () => false,
    chattiness: 50,
    loadAvg: 0.5,
  };
}
