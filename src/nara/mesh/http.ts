/**
 * HTTP between naras, as plain values: what a nara asks of a peer and answers to one, whatever
 * carries it (docs/protocol/mesh-runtime-checkpoints.md §1).
 */

/** Header names in lower case; one value each. */
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
