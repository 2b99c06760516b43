/**
 * Who asks and who answers: three headers, signed. (docs/protocol/mesh-runtime-checkpoints.md §1 "Auth")
 *
 * | header | request | response |
 * |---|---|---|
 * | `X-Nara-Name` | the asker's name | the answerer's name |
 * | `X-Nara-Timestamp` | Unix milliseconds, decimal | the same |
 * | `X-Nara-Signature` | base64 over name ‖ ts ‖ METHOD ‖ path | base64 over name ‖ ts ‖ base64(SHA-256(body)) |
 *
 * The path is the decoded one. Query, status and a request's body are not signed.
 */
import { sha256 } from "#sha256";
import { decodeBase64, encodeBase64 } from "../codec/base64.ts";
import { goDuration } from "../codec/go-duration.ts";
import { utf8 } from "../codec/utf8.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Crypto } from "../ports.ts";
import type { DropReason } from "../runtime/drops.ts";
import type { Author } from "../sync/signed-list.ts";
import type { MeshHeaders } from "./http.ts";

export const nameHeader = "x-nara-name";
export const timestampHeader = "x-nara-timestamp";
export const signatureHeader = "x-nara-signature";

/** Either way, inclusive (§1). */
export const maxAgeNs = 30_000_000_000n;

/** Base64 key by name; undefined for whom nobody knows. */
export type KeyOf = (name: string) => string | undefined;

export interface SignedBy {
  readonly name: string;
  /** Unix milliseconds. */
  readonly atMs: bigint;
  readonly signature: string;
}

/** `type` is for who counts, `text` is the reference's and goes to the peer. */
export interface AuthRefusal {
  readonly type: "missing" | "malformed" | "stale" | "future" | "unknown" | "invalid";
  readonly text: string;
}

/** @param path decoded, as the one who verifies sees it. */
export const requestText = (name: string, atMs: bigint, method: string, path: string): string =>
  `${name}${atMs}${method}${path}`;

export const responseText = (name: string, atMs: bigint, body: Uint8Array): string =>
  `${name}${atMs}${encodeBase64(sha256(body))}`;

/** Under which name each refusal is counted. */
export const dropOf: Readonly<Record<AuthRefusal["type"], DropReason>> = {
  missing: "unsigned",
  malformed: "malformed",
  stale: "stale",
  future: "future",
  unknown: "unknown_sender",
  invalid: "invalid_signature",
};

export function signRequest(
  author: Author,
  nowNs: bigint,
  { method, path }: { readonly method: string; readonly path: string },
): readonly (readonly [string, string])[] {
  const atMs = nowNs / 1_000_000n;
  return signedHeaders(author, atMs, requestText(author.name, atMs, method, path));
}

export function signResponse(
  author: Author,
  nowNs: bigint,
  body: Uint8Array,
): readonly (readonly [string, string])[] {
  const atMs = nowNs / 1_000_000n;
  return signedHeaders(author, atMs, responseText(author.name, atMs, body));
}

export interface AuthTools {
  readonly keyOf: KeyOf;
  readonly crypto: Pick<Crypto, "verify">;
}

/** The checks in the reference's order (§1). @param path decoded */
export async function verifyRequest(
  { headers, method, path }: { headers: MeshHeaders; method: string; path: string },
  nowNs: bigint,
  { keyOf, crypto }: AuthTools,
): Promise<Outcome<SignedBy, AuthRefusal>> {
  const said = readHeaders(headers);
  if (said === "missing") return refused("missing", "missing auth headers");
  if (said === "malformed") return refused("malformed", "invalid timestamp");
  const ageNs = nowNs - said.atMs * 1_000_000n;
  if (!isFresh(said, nowNs)) {
    const text = `timestamp too old or in future: ${goDuration(ageNs)}`;
    return refused(ageNs > 0n ? "stale" : "future", text);
  }
  const key = keyOf(said.name);
  if (key === undefined) return refused("unknown", `unknown sender: ${said.name}`);
  const signature = decodeBase64(said.signature);
  if (signature === undefined) return refused("invalid", "invalid signature encoding");
  const message = utf8(requestText(said.name, said.atMs, method, path));
  if (!(await holds(crypto, key, message, signature))) {
    return refused("invalid", "signature verification failed");
  }
  return accept(said);
}

/** Says nothing of its age: see {@link isFresh}. */
export async function verifyResponse(
  { headers, body }: { headers: MeshHeaders; body: Uint8Array },
  { keyOf, crypto }: AuthTools,
): Promise<Outcome<SignedBy, AuthRefusal>> {
  const said = readHeaders(headers);
  if (said === "missing") return refused("missing", "missing auth headers in response");
  if (said === "malformed") return refused("malformed", "invalid timestamp in response");
  const key = keyOf(said.name);
  if (key === undefined) return refused("unknown", `unknown responder: ${said.name}`);
  const signature = decodeBase64(said.signature);
  if (signature === undefined) return refused("invalid", "invalid signature encoding in response");
  const message = utf8(responseText(said.name, said.atMs, body));
  if (!(await holds(crypto, key, message, signature))) {
    return refused("invalid", "response signature verification failed");
  }
  return accept(said);
}

/** Signed at most 30 s ago or ahead. */
export function isFresh({ atMs }: Pick<SignedBy, "atMs">, nowNs: bigint): boolean {
  const ageNs = nowNs - atMs * 1_000_000n;
  return ageNs <= maxAgeNs && ageNs >= -maxAgeNs;
}

function signedHeaders(
  { name, keyPair }: Author,
  atMs: bigint,
  text: string,
): readonly (readonly [string, string])[] {
  return [
    [nameHeader, name],
    [timestampHeader, String(atMs)],
    [signatureHeader, encodeBase64(keyPair.sign(utf8(text)))],
  ];
}

function readHeaders(headers: MeshHeaders): SignedBy | "missing" | "malformed" {
  const name = headers.get(nameHeader) ?? "";
  const timestamp = headers.get(timestampHeader) ?? "";
  const signature = headers.get(signatureHeader) ?? "";
  if (name === "" || timestamp === "" || signature === "") return "missing";
  const atMs = readTimestamp(timestamp);
  return atMs === undefined ? "malformed" : { name, atMs, signature };
}

/** Enough digits for any int64 with some zeros in front. */
const timestampForm = /^[+-]?\d{1,40}$/;

/** An int64 as Go reads it: a sign and zeros in front do not matter, the plain number is signed. */
function readTimestamp(text: string): bigint | undefined {
  if (!timestampForm.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ""));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

async function holds(
  crypto: Pick<Crypto, "verify">,
  key: string,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const publicKey = decodeBase64(key);
  if (publicKey === undefined) return false;
  return (await crypto.verify([{ publicKey, message, signature }]))[0] === true;
}

const refused = (type: AuthRefusal["type"], text: string) => refuse({ type, text });
