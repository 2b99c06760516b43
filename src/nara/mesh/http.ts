/**
 * HTTP between naras, as plain values: what a nara asks of a peer and answers to one, whatever
 * carries it (docs/protocol/mesh-runtime-checkpoints.md §1).
 */
import type { Outcome } from "../outcome.ts";
import type { Cancel } from "../ports.ts";

/**
 * Header names in lower case; one value each. Values are text: the bytes on the wire are its UTF-8,
 * as Go writes names that are not ASCII.
 */
export type MeshHeaders = ReadonlyMap<string, string>;

export interface MeshRequest {
  readonly method: string;
  /** Path and query exactly as on the request line: `/peer/query?target=alice`. */
  readonly target: string;
  readonly headers: MeshHeaders;
  readonly body: Uint8Array;
}

export interface MeshResponse {
  readonly status: number;
  readonly headers: MeshHeaders;
  readonly body: Uint8Array;
}

/** Answers one request. Never rejects. */
export type MeshHandler = (request: MeshRequest) => Promise<MeshResponse>;

export interface MeshBounds {
  /** For the whole exchange, the body of the answer included. */
  readonly deadlineMs: number;
  /** Of the answer's body. */
  readonly maxBodyBytes: number;
}

/**
 * | failure | meaning |
 * |---|---|
 * | unreachable | nobody answers there, the connection broke, or whoever carries it may not go there |
 * | timeout | the deadline passed |
 * | too_large | the answer is larger than the bounds allow |
 */
export interface MeshFailure {
  readonly type: "unreachable" | "timeout" | "too_large";
  /** A short sentence for a person. */
  readonly why: string;
}

/**
 * Carries one request to a base URL (address.ts, `meshUrl`) and brings the answer. Redirects are
 * answers like any other. Never rejects.
 */
export type MeshSend = (
  baseUrl: string,
  request: MeshRequest,
  bounds: MeshBounds,
) => Promise<Outcome<MeshResponse, MeshFailure>>;

/** Somebody who can be asked, as others say. Whoever it is has to prove it. */
export interface MeshHint {
  readonly name: string;
  /** Base64, 32 bytes. */
  readonly publicKey: string;
  /** `MeshIP`, never "". */
  readonly meshIp: string;
}

/** The one of this name, or without a name some, 16 at most and never me. Never rejects. */
export type MeshHints = (name?: string) => Promise<readonly MeshHint[]>;

/** A way to peers and back: memory, a tunnel through a relay, a socket of one's own. */
export interface MeshTransport {
  readonly send: MeshSend;
  /** Whom it knows to be there; absent where it knows nobody. */
  readonly hints?: MeshHints;
  /** Hands what others ask to `handler`, one at a time or many at once, until cancelled. */
  serve(handler: MeshHandler): Cancel;
  /** Where others reach this nara, as it stands in its hey_there (`MeshIP`); "" for nowhere. */
  address(): string;
  /** Why nobody can call just now, a short sentence for a person; "" while others can. */
  trouble(): string;
  /** Calls `listener` whenever the address, or why there is none, has changed, until cancelled. */
  onChange(listener: () => void): Cancel;
}
