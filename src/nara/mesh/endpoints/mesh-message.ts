/** `/mesh/message`: a runtime message. It is answered alike whatever becomes of it. (mesh-runtime-checkpoints §1, §3) */
import { maxFrameBytes } from "../../limits.ts";
import { senderIdOf } from "../../runtime/envelopes/runtime-message.ts";
import { emptyAnswer, methodNotAllowed, textAnswer } from "../answers.ts";
import type { Endpoint, MeshParts } from "../endpoint.ts";

type Parts = Pick<MeshParts, "keyring" | "hear" | "countDrop">;

export const meshMessageEndpoint = (parts: Parts): Endpoint => ({
  path: "/mesh/message",
  isAuthenticated: true,
  onlyReads: false,
  maxBodyBytes: maxFrameBytes,
  async answer({ method, body, sender }) {
    if (method !== "POST") return methodNotAllowed();
    if (parts.hear === undefined) return textAnswer(503, "Runtime not ready");
    const author = parts.keyring.nameOfId(senderIdOf(body));
    // Of an author I do not know the runtime cannot verify a word.
    if (author !== undefined && author !== sender) parts.countDrop("not_its_author");
    else await parts.hear(body);
    return emptyAnswer(200);
  },
});
