/** A postcard as it travels. (docs/protocol/mesh-runtime-checkpoints.md §2 "WorldMessage") */
import { int64, list, struct, text, type ValueOf } from "../codec/go-types.ts";

export const postcardHop = struct({
  nara: text,
  /** Unix seconds. */
  timestamp: int64,
  /** Base64. */
  signature: text,
  stamp: text,
});

export const postcard = struct({
  id: text,
  message: text,
  originator: text,
  hops: list(postcardHop),
});

export type Postcard = ValueOf<typeof postcard>;
