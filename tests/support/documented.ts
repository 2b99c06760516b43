/**
 * Whose word a plaza message is, by the pages of the protocol alone: JSON by the engine, hashes and
 * signatures by Node, nothing of the project's own.
 * (docs/protocol/presence-and-life.md §1; docs/protocol/events-and-ledger.md §2, §3)
 */
import { createHash, createPublicKey, verify } from "node:crypto";

export interface Word {
  readonly author: string;
  /** Base64 of the key under which it must verify; "" when nothing tells. */
  readonly publicKey: string;
  /** Id that the message tells of its author. */
  readonly id: string;
  /** The signature is the key's, over what the protocol says is covered. */
  readonly holds: boolean;
}

type Fields = { readonly [key: string]: unknown };

const newspaperPrefix = "nara/newspaper/";

/** @param keyOf the key known for a name, for messages that bring none. */
export function wordOf(topic: string, text: string, keyOf: (name: string) => string): Word {
  const fields: Fields = JSON.parse(text);
  if (topic === "nara/plaza/hey_there") {
    const { From, PublicKey, MeshIP, ID } = inner(fields, "hey_there");
    return eventWord(text, fields, {
      ...{ author: str(From), publicKey: str(PublicKey), id: str(ID) },
      content: `hey_there:${From}:${PublicKey}:${MeshIP}`,
    });
  }
  if (topic === "nara/plaza/chau") {
    const { From, PublicKey, ID } = inner(fields, "chau");
    return eventWord(text, fields, {
      ...{ author: str(From), publicKey: str(PublicKey), id: str(ID) },
      content: `chau:${From}:${PublicKey}`,
    });
  }
  if (topic === "nara/plaza/social") {
    const { type, actor = "", target = "", reason = "", witness = "" } = inner(fields, "social");
    return eventWord(text, fields, {
      ...{ author: str(actor), publicKey: keyOf(str(actor)), id: "" },
      content: `${type}:${actor}:${target}:${reason}:${witness}`,
    });
  }
  if (topic === "nara/plaza/howdy") {
    const { From, To, Seq, Signature } = fields;
    const { PublicKey, ID } = inner(fields, "Me");
    const publicKey = str(PublicKey);
    const holds = isSignedBy(publicKey, Buffer.from(`howdy:${From}:${To}:${Seq}`), str(Signature));
    return { author: str(From), publicKey, id: str(ID), holds };
  }
  if (topic.startsWith(newspaperPrefix)) {
    const { PublicKey, ID } = inner(fields, "Status");
    const publicKey = str(PublicKey);
    const signed = Buffer.from(statusTextIn(text));
    const holds = isSignedBy(publicKey, signed, str(fields.Signature));
    return { author: topic.slice(newspaperPrefix.length), publicKey, id: str(ID), holds };
  }
  throw new Error(`the protocol's pages tell of no signature on ${topic}`);
}

/** The `Status` of a newspaper exactly as it was sent. */
export function statusTextIn(text: string): string {
  const start = text.indexOf('"Status":') + '"Status":'.length;
  return text.slice(start, text.lastIndexOf(',"Signature":'));
}

export function isSignedBy(publicKey: string, message: Uint8Array, signature: string): boolean {
  const key = Buffer.from(publicKey, "base64");
  const bytes = Buffer.from(signature, "base64");
  if (key.length !== 32 || bytes.length !== 64) return false;
  const jwk = { kty: "OKP", crv: "Ed25519", x: key.toString("base64url") };
  return verify(null, message, createPublicKey({ key: jwk, format: "jwk" }), bytes);
}

/** Nanoseconds as they stand in the text: a double would lose the last digits. */
export const tsIn = (text: string): string => /"ts":(-?\d+)/.exec(text)?.[1] ?? "";

interface EventParts {
  readonly author: string;
  readonly publicKey: string;
  readonly id: string;
  readonly content: string;
}

function eventWord(
  text: string,
  fields: Fields,
  { author, publicKey, id, content }: EventParts,
): Word {
  const ts = tsIn(text);
  const svc = str(fields.svc);
  const eventId = sha256(`${ts}:${svc}:${content}`).subarray(0, 16).toString("hex");
  const digest = sha256(`${eventId}:${ts}:${svc}:${fields.emitter}:${content}`);
  const holds =
    fields.id === eventId &&
    fields.emitter === author &&
    isSignedBy(publicKey, digest, str(fields.sig));
  return { author, publicKey, id, holds };
}

const inner = (fields: Fields, key: string): Fields => (fields[key] ?? {}) as Fields;
const str = (value: unknown): string => (typeof value === "string" ? value : "");
const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
