/** `/world/relay`: a postcard to be carried on. (docs/protocol/mesh-runtime-checkpoints.md §2) */
import { decodeGoStream } from "../../codec/go-types.ts";
import { maxFrameBytes } from "../../limits.ts";
import { methodNotAllowed, successAnswer, textAnswer } from "../answers.ts";
import type { Endpoint, MeshParts } from "../endpoint.ts";
import { postcard } from "../postcard.ts";

export const worldRelayEndpoint = (parts: Pick<MeshParts, "me" | "carry">): Endpoint => ({
  path: "/world/relay",
  isAuthenticated: true,
  onlyReads: false,
  maxBodyBytes: maxFrameBytes,
  async answer({ method, body, sender }) {
    if (method !== "POST") return methodNotAllowed();
    const read = decodeGoStream(postcard, body);
    if (!read.ok) return textAnswer(400, "Invalid JSON");
    if (parts.carry === undefined) return textAnswer(503, "World journey not initialized");
    const carried = await parts.carry(read.value, sender);
    return carried.ok ? successAnswer(parts.me.name, true) : textAnswer(400, carried.refusal);
  },
});
