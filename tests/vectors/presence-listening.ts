/** A nara that hears one recorded message through the real receive stages, on the recordings' clock. */
import { hexToBytes } from "@noble/hashes/utils.js";
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { decodeBase64, encodeBase64 } from "../../src/nara/codec/base64.ts";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import { createLedger } from "../../src/nara/ledger/ledger.ts";
import type { Behaviour } from "../../src/nara/runtime/behaviour.ts";
import { createBoundedSet } from "../../src/nara/runtime/bounded-set.ts";
import { createClockSkew } from "../../src/nara/runtime/clock-skew.ts";
import { createKeyring, type Keyring } from "../../src/nara/runtime/keyring.ts";
import { frozen, type Message } from "../../src/nara/runtime/message.ts";
import { prepare, runReceive } from "../../src/nara/runtime/pipelines.ts";
import { proceed, type StageTools } from "../../src/nara/runtime/stage.ts";
import type { Person } from "./signers.ts";
import { vectors } from "./support.ts";

interface Cast {
  readonly people?: readonly Person[];
  readonly markOnline?: readonly { readonly now: number }[];
}

const cast = vectors<Cast>("presence.json");
export const people = cast.people ?? [];
/** The fixed clock of the recordings, Unix seconds. */
export const nowS = cast.markOnline?.[0]?.now ?? 1_772_366_400;

export const crypto = createNobleCrypto();
export const personNamed = (name: string): Person | undefined =>
  people.find((person) => person.name === name);
export const keyPairOf = (person: Person) => crypto.keyPair(hexToBytes(person.seedHex));
/** Base64 public key of somebody who is in no recording. */
export const keyOfNobody = encodeBase64(crypto.keyPair(new Uint8Array(32).fill(2)).publicKey);
export const verifies = async (
  keyText: string,
  message: Uint8Array,
  signatureText: string,
): Promise<boolean> => {
  const publicKey = decodeBase64(keyText);
  const signature = decodeBase64(signatureText);
  if (publicKey === undefined || signature === undefined) return false;
  return (await crypto.verify([{ publicKey, message, signature }]))[0] ?? false;
};
export const signText = (person: Person, text: string): string =>
  encodeBase64(keyPairOf(person).sign(utf8(text)));

export interface Listening {
  readonly keyring: Keyring;
  /** The message, when every stage let it pass. */
  hear<Payload>(
    behaviour: Behaviour<Payload>,
    topic: string,
    text: string,
  ): Promise<Message<Payload> | undefined>;
}

/** @param name a name of the cast, or any other: then it has a key of its own */
export function listeningAs(name: string): Listening {
  const keyPair = crypto.keyPair(new Uint8Array(32).fill(1));
  const me = {
    name,
    id: personNamed(name)?.id ?? "id-of-the-listener",
    publicKey: encodeBase64(keyPair.publicKey),
  };
  const keyring = createKeyring(me);
  const tools: StageTools = {
    me,
    personality: { agreeableness: 50, sociability: 50, chill: 50 },
    keyPair,
    keyring,
    clock: {
      nowNs: () => BigInt(nowS) * 1_000_000_000n,
      monotonicMs: () => 0,
      after: never,
      breathe: never,
    },
    ledger: createLedger({ capacity: 100 }),
    heard: createBoundedSet(100),
    skew: createClockSkew(),
    verify: async (claim) => (await crypto.verify([claim]))[0] ?? false,
    publish: () => true,
    sendToPeer: () => {},
    allow: () => true,
    deliver: () => proceed,
  };
  return {
    keyring,
    async hear(kind, topic, text) {
      const arrival = { via: "plaza", topic, retained: false } as const;
      const decoded = kind.envelope.decode(text, { topic, atNs: tools.clock.nowNs() });
      if (!decoded.ok) return undefined;
      const { message, signedBytes } = decoded.value;
      const erased = kind as unknown as Behaviour;
      const context = { message: frozen(message), signedBytes, behaviour: erased, arrival, tools };
      if (prepare(context).type !== "continue") return undefined;
      const verdict = await runReceive(context);
      return verdict.type === "accepted" ? (verdict.message as typeof message) : undefined;
    },
  };
}

function never(): never {
  throw new Error("a receive stage asked for a timer");
}
