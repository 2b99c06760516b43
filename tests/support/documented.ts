/**
 * Whose word a plaza message is, by the pages of the protocol alone: JSON by the engine, hashes and
 * signatures by Node, nothing of the project's own.
 * (docs/protocol/presence-and-life.md §1; docs/protocol/events-and-ledger.md §2, §3;
 * docs/protocol/mesh-runtime-checkpoints.md §2, §5)
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

/**
 * @param keyOf the key known for a name, for messages that bring none.
 * @param keyOfId the key known for an id, for what is signed by ids.
 */
export function wordOf(
  topic: string,
  text: string,
  keyOf: (name: string) => string,
  keyOfId: (id: string) => string = () => "",
): Word {
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
  if (topic === "nara/checkpoint/propose" || topic === "nara/checkpoint/vote") {
    const { attester, attester_id: id, last_seen_checkpoint_id: reference, signature } = fields;
    const signed = attestationBytes(fields, str(id), str(reference));
    const publicKey = keyOfId(str(id));
    const holds = isSignedBy(publicKey, signed, str(signature));
    return { author: str(attester), publicKey, id: str(id), holds };
  }
  if (topic === "nara/checkpoint/final") return checkpointWord(text, fields, keyOfId);
  if (topic === "nara/plaza/journey_complete") return journeyWord(text, fields, keyOf);
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

/** What all voters signed, all of them; the id covers it with the time of telling. */
function checkpointWord(text: string, fields: Fields, keyOfId: (id: string) => string): Word {
  const checkpoint = inner(fields, "checkpoint");
  const { subject, subject_id: id, previous_checkpoint_id: previous = "" } = checkpoint;
  const voters = listOf(checkpoint.voter_ids);
  const signatures = listOf(checkpoint.signatures);
  const {
    restarts = 0,
    total_uptime: uptimeS = 0,
    start_time: startS = 0,
  } = inner(checkpoint, "observation");
  const content = `checkpoint:v2:${id}:${checkpoint.as_of_time}:${startS}:${restarts}:${uptimeS}:${previous}`;
  const eventId = sha256(`${tsIn(text)}:checkpoint:${content}`)
    .subarray(0, 16)
    .toString("hex");
  const holds =
    fields.id === eventId &&
    voters.length >= 5 &&
    voters.length === signatures.length &&
    voters.every((voter, index) =>
      isSignedBy(
        keyOfId(voter),
        attestationBytes(checkpoint, voter, str(previous)),
        signatures[index] ?? "",
      ),
    );
  return { author: str(subject), publicKey: "", id: str(id), holds };
}

/** Version 2, whose reference may be empty. */
function attestationBytes(said: Fields, attesterId: string, reference: string): Uint8Array {
  const {
    restarts = 0,
    total_uptime: uptimeS = 0,
    start_time: startS = 0,
  } = inner(said, "observation");
  const facts = `${said.subject_id}:${said.as_of_time}:${restarts}:${uptimeS}:${startS}`;
  return Buffer.from(`attestation:v2:${attesterId}:${facts}:${reference}`);
}

/** Each hop signed the message and all hops before it, as they stand in the text. */
function journeyWord(text: string, fields: Fields, keyOf: (name: string) => string): Word {
  const valueAt = (key: string): string =>
    new RegExp(`"${key}":("(?:[^"\\\\]|\\\\.)*")`).exec(text)?.[1] ?? '""';
  const hops = text.match(/\{"nara":[^{}]*\}/g) ?? [];
  const head =
    `"id":${valueAt("journey_id")},"message":${valueAt("message")},` +
    `"originator":${valueAt("originator")}`;
  const holds = hops.every((hop, index) => {
    const { nara, signature }: { nara: string; signature: string } = JSON.parse(hop);
    const before = index === 0 ? "[]" : `[${hops.slice(0, index).join(",")}]`;
    const signed = `{${head},"previous_hops":${before},"current_nara":${JSON.stringify(nara)}}`;
    return isSignedBy(keyOf(nara), sha256(signed), signature);
  });
  const author = str(fields.originator);
  return { author, publicKey: keyOf(author), id: "", holds: hops.length > 0 && holds };
}

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(str) : []);

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
