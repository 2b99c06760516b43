/** Identities, looks and encodings of the reference (docs/protocol/identity.md). */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { expect } from "vitest";
import { goFixed } from "../../src/nara/codec/go-fixed.ts";
import { reencodeRfc3339 } from "../../src/nara/codec/rfc3339.ts";
import { fromUtf8, utf8 } from "../../src/nara/codec/utf8.ts";
import { attestationText } from "../../src/nara/identity/attestation.ts";
import { auraOf } from "../../src/nara/identity/aura.ts";
import { barrioOf, cellIndex, vibeOf } from "../../src/nara/identity/barrio.ts";
import { createGoRand } from "../../src/nara/identity/go-rand.ts";
import { createIdentity } from "../../src/nara/identity/identity.ts";
import { generateName, nameFromSeed } from "../../src/nara/identity/names.ts";
import { isGenericName, resolveIdentity } from "../../src/nara/identity/resolve.ts";
import { open, seal, symmetricKey } from "../../src/nara/identity/seal.ts";
import { mintSoul } from "../../src/nara/identity/soul.ts";
import { barrios, personalFlairPool } from "../../src/nara/identity/words.ts";
import { runtimeMessage } from "../../src/nara/runtime/envelopes/runtime-message.ts";
import { decodeStatus, encodeStatus, zeroStatus } from "../../src/nara/services/presence/status.ts";
import { type GoJsonStruct, goJson, type JsonObject, parseJson } from "../support/any-json.ts";
import { payloadOf } from "./payloads.ts";
import { publicKeyText, signBytes, signText } from "./signing.ts";
import { coverSections, goFloat, testCases, vectors } from "./support.ts";

const file = "identity-vectors.json";

interface SoulVector {
  readonly name: string;
  readonly hardware: string;
  readonly hwFingerprintHex: string;
  readonly soul: string;
  readonly seedHex: string;
  readonly tagHex: string;
  readonly id: string;
  readonly nameFromSeed: string;
  readonly gemstone: string;
  readonly personality: { Agreeableness: number; Sociability: number; Chill: number };
  readonly personalFlairIndices: readonly number[];
  readonly publicKey: string;
  readonly signatureOfHelloWorld: string;
  readonly symmetricKeyHex: string;
  readonly aura: readonly { primary: string; secondary: string; uptime: number }[];
}

interface AttestationVector {
  readonly content: string;
  readonly signatureByAlice?: string;
}

interface HopVector {
  readonly signedJSON: string;
  readonly sha256Hex: string;
  readonly currentNara: string;
  readonly signatureByAlice?: string;
}

interface MessageVector {
  readonly id: string;
  readonly signableContent: string;
  readonly wireJSON: string;
}

interface StatusVector {
  readonly sampleJSON: string;
  readonly sampleSignatureByAlice: string;
  readonly zeroValueJSON: string;
}

coverSections(file, {
  souls: (cases: readonly SoulVector[]) => testCases(cases, checkSoul),

  generatedSoul: (vector: { hardware: string; name: string; soul: string }) =>
    testCases([vector], ({ hardware, name, soul }) => {
      const fingerprint = sha256(utf8(hardware));
      expect(
        resolveIdentity({ name: "", soulText: "", hostname: "localhost", fingerprint }),
      ).toMatchObject({ name, soulText: soul, bondValid: true, native: true });
    }),

  generateName: (cases: { readonly [id: string]: string }) =>
    testCases(cases, (name, id) => expect(generateName(id)).toBe(name)),

  isGenericHostname: (cases: { readonly [name: string]: boolean }) =>
    testCases(cases, (generic, name) => expect(isGenericName(name)).toBe(generic)),

  goRand: (
    cases: readonly {
      seed: string;
      int63: string;
      thenIntn16: number;
      thenIntn100: number;
      thenIntn1000: number;
    }[],
  ) =>
    testCases(cases, ({ seed, int63, thenIntn16, thenIntn100, thenIntn1000 }) => {
      const random = createGoRand(BigInt(seed));
      expect(String(random.int63())).toBe(int63);
      expect([16, 100, 1000].map((n) => random.intn(n))).toEqual([
        thenIntn16,
        thenIntn100,
        thenIntn1000,
      ]);
    }),

  gridCells: (cases: readonly { x: number; y: number; cluster: string }[]) =>
    testCases(cases, ({ x, y, cluster }) => {
      const index = cellIndex({ x, y, height: 0, error: 0 }, 1);
      expect(barrios[index ?? -1]?.name).toBe(cluster);
    }),

  vibes: (cases: readonly { name: string; month: string; vibe: string; cluster: string }[]) =>
    testCases(cases, ({ name, month, vibe, cluster }) => {
      const [year, monthOfYear] = month.split("-").map(Number);
      const when = { year: year ?? 0, month: monthOfYear ?? 0 };
      expect(String(vibeOf(name, when))).toBe(vibe);
      expect(barrioOf({ name, coordinate: undefined }, { gridMs: 50, month: when }).name).toBe(
        cluster,
      );
    }),

  attestations: (cases: { readonly [version: string]: AttestationVector }) =>
    testCases(cases, checkAttestation),

  seal: (vector: { owner: string; nonceHex: string; plaintext: string; ciphertextHex: string }) =>
    testCases([vector], ({ owner, nonceHex, plaintext, ciphertextHex }) => {
      const key = symmetricKey(seedOf(owner));
      const nonce = hexToBytes(nonceHex);
      expect(bytesToHex(seal(key, nonce, utf8(plaintext)))).toBe(ciphertextHex);
      const opened = open(key, nonce, hexToBytes(ciphertextHex));
      expect(opened.ok && fromUtf8(opened.value)).toBe(plaintext);
    }),

  percent1f: (cases: { readonly [value: string]: string }) =>
    testCases(cases, (printed, value) => expect(goFixed(goFloat(value), 1)).toBe(printed)),

  timestamps: (cases: readonly { received: string; reEncoded: string }[]) =>
    testCases(cases, ({ received, reEncoded }) =>
      expect(reencodeRfc3339(received)).toBe(reEncoded),
    ),

  worldHops: (cases: readonly HopVector[]) => testCases(cases, checkHop),

  runtimeMessage: (vector: MessageVector) => testCases([vector], checkMessage),

  status: (vector: StatusVector) => testCases([vector], checkStatus),
});

function checkSoul(vector: SoulVector): void {
  const { name } = vector;
  expect(bytesToHex(sha256(utf8(vector.hardware)))).toBe(vector.hwFingerprintHex);
  const soul = mintSoul(hexToBytes(vector.hwFingerprintHex), name);
  expect(bytesToHex(soul.seed)).toBe(vector.seedHex);
  expect(bytesToHex(soul.tag)).toBe(vector.tagHex);
  expect(nameFromSeed(soul.seed)).toBe(vector.nameFromSeed);
  expect(bytesToHex(symmetricKey(soul.seed))).toBe(vector.symmetricKeyHex);
  expect(publicKeyText(soul.seed)).toBe(vector.publicKey);
  expect(signText(soul.seed, "hello world")).toBe(vector.signatureOfHelloWorld);

  const identity = createIdentity(soul, name);
  const { Agreeableness, Sociability, Chill } = vector.personality;
  expect(identity).toMatchObject({
    soulText: vector.soul,
    id: vector.id,
    // Nobody can be bound to no name.
    bondValid: name !== "",
    gemstone: vector.gemstone,
    personality: { agreeableness: Agreeableness, sociability: Sociability, chill: Chill },
  });
  const fourDraws = vector.personalFlairIndices.map((index) => personalFlairPool[index]).join("");
  expect(fourDraws.startsWith(identity.personalFlair)).toBe(true);
  for (const { uptime, primary, secondary } of vector.aura) {
    expect({ uptime, ...auraOf({ ...identity, uptimeS: uptime }) }).toEqual({
      uptime,
      primary,
      secondary,
    });
  }
}

/** The text itself says what was attested; built anew from its parts, it must come out the same. */
function checkAttestation(vector: AttestationVector): void {
  const parts = /^attestation:v(-?\d+):([^:]*):([^:]*):(-?\d+):(-?\d+):(-?\d+):(-?\d+)(?::(.*))?$/s;
  const [
    ,
    version,
    attesterId = "",
    subjectId = "",
    asOfS,
    restarts,
    uptime,
    start,
    lastSeen = "",
  ] = parts.exec(vector.content) ?? [];
  const attested = {
    attesterId,
    subjectId,
    asOfS: Number(asOfS),
    restarts: Number(restarts),
    totalUptimeS: Number(uptime),
    startTimeS: Number(start),
    lastSeenCheckpointId: lastSeen,
  };
  const text = attestationText({ ...attested, version: Number(version) });
  expect(text).toBe(vector.content);
  if (version === "1") expect(attestationText({ ...attested, version: 0 })).toBe(text);
  if (vector.signatureByAlice !== undefined) {
    expect(signText(seedOf("alice"), text)).toBe(vector.signatureByAlice);
  }
}

function checkHop(vector: HopVector): void {
  const read = parseJson(vector.signedJSON);
  if (!read.ok) throw new Error(read.refusal);
  const { id, message, originator, previous_hops } = read.value as JsonObject as GoJsonStruct;
  const current_nara = vector.currentNara;
  const text = goJson({ id, message, originator, previous_hops, current_nara });
  expect(text).toBe(vector.signedJSON);
  const digest = sha256(utf8(text));
  expect(bytesToHex(digest)).toBe(vector.sha256Hex);
  if (vector.signatureByAlice !== undefined) {
    expect(signBytes(seedOf("alice"), digest)).toBe(vector.signatureByAlice);
  }
}

function checkMessage(vector: MessageVector): void {
  const { kind, version } = JSON.parse(vector.wireJSON);
  const envelope = runtimeMessage({ [version]: payloadOf(kind) });
  const decoded = envelope.decode(vector.wireJSON, { topic: "", atNs: 0n });
  if (!decoded.ok) {
    throw new Error(decoded.refusal);
  }
  const { message, signedBytes } = decoded.value;
  expect(message.id).toBe(vector.id);
  expect(envelope.id(message)).toBe(vector.id);
  expect(fromUtf8(signedBytes)).toBe(vector.signableContent);
  expect(fromUtf8(envelope.signedBytes(message))).toBe(vector.signableContent);
  expect(signBytes(seedOf(message.from), signedBytes)).toBe(message.signature);
  expect(envelope.encode(message)).toBe(vector.wireJSON);
}

function checkStatus(vector: StatusVector): void {
  for (const text of [vector.sampleJSON, vector.zeroValueJSON]) {
    const decoded = decodeStatus(text);
    expect(decoded.ok && encodeStatus(decoded.value)).toBe(text);
  }
  expect(encodeStatus(zeroStatus)).toBe(vector.zeroValueJSON);
  expect(signText(seedOf("alice"), vector.sampleJSON)).toBe(vector.sampleSignatureByAlice);
}

/** Seed of one of the naras in this file. */
function seedOf(name: string): Uint8Array {
  const { souls = [] } = vectors<{ souls?: readonly SoulVector[] }>(file);
  const found = souls.find((soul) => soul.name === name);
  expect(found, `a soul named ${name}`).toBeDefined();
  return hexToBytes(found?.seedHex ?? "");
}
