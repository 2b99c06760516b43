/** The runtime's messages and its receive pipeline (docs/protocol/mesh-runtime-checkpoints.md §3). */
import { hexToBytes } from "@noble/hashes/utils.js";
import { expect } from "vitest";
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { decodeBase64, encodeBase64 } from "../../src/nara/codec/base64.ts";
import { goFloat } from "../../src/nara/codec/go-json.ts";
import {
  decodeGo,
  type GoType,
  raw,
  safeInt,
  struct,
  text,
} from "../../src/nara/codec/go-types.ts";
import { parseRfc3339, reencodeRfc3339 } from "../../src/nara/codec/rfc3339.ts";
import { fromUtf8, utf8 } from "../../src/nara/codec/utf8.ts";
import { open, seal, symmetricKey } from "../../src/nara/identity/seal.ts";
import { messageId, runtimeMessage } from "../../src/nara/runtime/envelopes/runtime-message.ts";
import { service } from "../../src/nara/runtime/service.ts";
import { ownersHeld } from "../../src/nara/services/stash/keeper.ts";
import {
  type RequestPayload,
  type StorePayload,
  whyNoRequest,
  whyNoStore,
} from "../../src/nara/services/stash/messages.ts";
import { createMockRuntime } from "../../src/nara/testing/mock-runtime.ts";
import { meshRequest, payloads } from "../support/sample-stash.ts";
import { payloadOf } from "./payloads.ts";
import type { Person } from "./signers.ts";
import { checkStashSequence, type StashSequence } from "./stash-sequences.ts";
import { coverSections, testCases, vectors } from "./support.ts";

const crypto = createNobleCrypto();
const { people } = vectors<{ people: readonly Person[] }>("runtime.json");
const seedOf = (name: string): Uint8Array =>
  hexToBytes(people.find((person) => person.name === name)?.seedHex ?? "");

const peek = struct({
  id: text,
  kind: text,
  version: safeInt,
  from_id: text,
  timestamp: text,
  payload: raw,
});

interface MessageCase {
  readonly computedId: string;
  readonly error: string | null;
  readonly signature: string;
  readonly signer: string;
  readonly signs: string;
  readonly timestampInId: string;
  readonly wire: string;
}

function checkMessage(vector: MessageCase): void {
  if (vector.error !== null) {
    // What Go cannot print, our types cannot hold; numbers without JSON are the nearest we have.
    expect(vector.computedId).toBe("");
    expect(() => goFloat(Number.NaN)).toThrow(RangeError);
    return;
  }
  const read = decodeGo(peek, vector.wire);
  if (!read.ok) throw new Error(read.refusal);
  const { id, kind, version, from_id, timestamp, payload } = read.value;
  expect(reencodeRfc3339(timestamp)).toBe(vector.timestampInId);
  const type = payloadOf(kind);
  const typed = decodeGo(type, payload);
  if (!typed.ok) throw new Error(typed.refusal);
  expect(messageId(kind, from_id, vector.timestampInId, type.print(typed.value))).toBe(
    vector.computedId,
  );
  const signature = crypto.keyPair(seedOf(vector.signer)).sign(utf8(vector.signs));
  expect(encodeBase64(signature)).toBe(vector.signature);

  const envelope = runtimeMessage({ [version || 1]: type });
  const decoded = envelope.decode(vector.wire, { topic: "", atNs: 0n });
  const idIsItsOwn =
    id === vector.computedId ||
    id === messageId(kind, "", vector.timestampInId, type.print(typed.value));
  expect(decoded.ok).toBe(idIsItsOwn);
  if (!decoded.ok) {
    expect(decoded.refusal).toBe("id_mismatch");
    return;
  }
  expect(fromUtf8(decoded.value.signedBytes)).toBe(vector.signs);
  // We speak UTC without trailing zeros; a message in another zone cannot be printed as it came.
  if (timestamp === vector.timestampInId && parseRfc3339(timestamp)?.offsetMinutes === 0) {
    expect(envelope.encode(decoded.value.message)).toBe(vector.wire);
  }
}

interface ReceiveCase {
  readonly name: string;
  readonly drop: string | null;
  readonly error: string | null;
  readonly handled: boolean;
  readonly me: string;
  readonly wire: string;
}

/**
 * The reference's verdict, where our own rules are not stricter: we recompute every id, and a
 * second copy of a message is a duplicate (docs/differences.md).
 */
async function checkReceive(vector: ReceiveCase): Promise<void> {
  const handled: string[] = [];
  const behaviours = Object.entries(payloads).map(([kind, type]) =>
    kind === "stash-refresh"
      ? { ...meshRequest(kind, type as GoType<unknown>), receive: [] }
      : meshRequest(kind, type as GoType<unknown>),
  );
  const listener = service("listener", behaviours, (nara) => {
    for (const behaviour of behaviours) {
      nara.on(behaviour, ({ id }) => void handled.push(id));
    }
    return {};
  });
  const me = people.find(({ name }) => name === vector.me);
  const mock = createMockRuntime({
    services: [listener],
    crypto,
    ...(me === undefined ? {} : { me, keyPair: crypto.keyPair(hexToBytes(me.seedHex)) }),
  });
  for (const { name, id, publicKey } of people) {
    // "me that knows alice and carol by id"
    if (name !== vector.me) mock.runtime.keyring.pin(name, id, publicKey);
  }
  const verdict = await mock.runtime.hear(vector.wire);
  const stricter = !idHolds(vector.wire);
  const why = verdict.type === "dropped" ? verdict.reason : verdict.type;
  expect(handled.length, why).toBe(vector.handled && !stricter ? 1 : 0);
  if (vector.handled && !stricter) {
    expect(verdict.type).toBe("accepted");
    return;
  }
  expect(verdict.type).toBe("dropped");
  if (verdict.type !== "dropped" || vector.drop === null || stricter) return;
  // The reference has one word for a signature that is wrong and one that is not there, and looks
  // for the key first.
  const words =
    verdict.reason === "unsigned" ? ["unknown_sender", "invalid_signature"] : [verdict.reason];
  expect(words).toContain(vector.drop);
}

/** Whether a text's id is the one its content has, as far as it is readable at all. */
function idHolds(source: string): boolean {
  const read = decodeGo(peek, source);
  if (!read.ok) return true;
  const { id, kind, from_id, timestamp, payload } = read.value;
  const type = payloadOf(kind);
  const typed = decodeGo(type, payload === "" ? "null" : payload);
  const time = timestamp === "" ? "0001-01-01T00:00:00Z" : reencodeRfc3339(timestamp);
  if (!typed.ok || time === undefined) return true;
  const printed = type.print(typed.value);
  return [from_id, ""].some((from) => messageId(kind, from, time, printed) === id);
}

interface SealCase {
  readonly seedHex: string;
  readonly keyHex: string;
  readonly nonceHex: string;
  readonly plaintext: string;
  readonly ciphertextHex: string;
  readonly ciphertextBase64: string;
}

function checkSeal(vector: SealCase): void {
  const key = symmetricKey(hexToBytes(vector.seedHex));
  expect(key).toEqual(hexToBytes(vector.keyHex));
  const sealed = seal(key, hexToBytes(vector.nonceHex), utf8(vector.plaintext));
  expect(sealed).toEqual(hexToBytes(vector.ciphertextHex));
  expect(encodeBase64(sealed)).toBe(vector.ciphertextBase64);
  expect(decodeBase64(vector.ciphertextBase64)).toEqual(sealed);
}

interface OpenCase {
  readonly keyHex: string;
  readonly nonceHex: string;
  readonly ciphertextHex: string;
  readonly plaintext: string;
  readonly error: string | null;
}

function checkOpen(vector: OpenCase): void {
  const [key, nonce, sealed] = [vector.keyHex, vector.nonceHex, vector.ciphertextHex].map(
    hexToBytes,
  );
  const opened = open(key!, nonce!, sealed!);
  if (vector.error === null) {
    expect(opened.ok && fromUtf8(opened.value)).toBe(vector.plaintext);
  } else {
    expect(opened).toEqual({ ok: false, refusal: vector.error });
  }
}

interface LimitCase {
  readonly mode: string;
  readonly owners: number;
}

interface PayloadCase {
  readonly name: string;
  readonly json: string;
  /** Absent where the reference validates nothing. */
  readonly invalid?: string | null;
}

function checkPayload({ name, json, invalid }: PayloadCase): void {
  const type = payloadOf(name);
  const read = decodeGo(type, json);
  if (!read.ok) throw new Error(read.refusal);
  expect(type.print(read.value)).toBe(json);
  if (invalid === undefined) return;
  const why =
    name === "stash:store"
      ? whyNoStore(read.value as StorePayload)
      : whyNoRequest(read.value as RequestPayload);
  expect(why ?? null).toBe(invalid);
}

coverSections("runtime.json", {
  limits: (cases: LimitCase[]) =>
    testCases(cases, ({ mode, owners }) => expect(ownersHeld(mode)).toBe(owners)),
  payloads: (cases: PayloadCase[]) => testCases(cases, checkPayload),
  sequences: (cases: StashSequence[]) =>
    testCases(cases, (sequence) => checkStashSequence(sequence, people)),
  messages: (cases: MessageCase[]) => testCases(cases, checkMessage),
  receive: (cases: ReceiveCase[]) => testCases(cases, checkReceive),
  seal: (cases: SealCase[]) => testCases(cases, checkSeal),
  open: (cases: OpenCase[]) => testCases(cases, checkOpen),
});
