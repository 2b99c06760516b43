/**
 * What only the owner may ask: postcards to be sent, and the stash. Whoever asks signs as naras do
 * (mesh/auth.ts), with this nara's own key; the reference lets anybody (docs/protocol/ui-and-api.md §f,
 * Safety).
 */
import { goString } from "../codec/go-json.ts";
import { decodeGoStream, struct, text } from "../codec/go-types.ts";
import { fromUtf8 } from "../codec/utf8.ts";
import { bodyTooLarge, jsonText, methodNotAllowed, textAnswer } from "../mesh/answers.ts";
import { verifyRequest } from "../mesh/auth.ts";
import type { MeshResponse } from "../mesh/http.ts";
import { createReplays } from "../mesh/replays.ts";
import type { WebApiParts, WebQuestion, WebRoute } from "./parts.ts";
import { mapOf } from "./printed.ts";
import { stashAnswers } from "./stash.ts";

/** A postcard's text and some room. */
const maxBodyBytes = 64 * 1024;

const startRequest = struct({ message: text });

export function ownerRoutes(parts: WebApiParts): readonly WebRoute[] {
  const { me, clock, crypto, countDrop } = parts;
  const replays = createReplays(clock);
  const keyOf = (name: string) => (name === me.name ? me.publicKey : undefined);

  /** Undefined for the owner. */
  const whyNotOwner = async (question: WebQuestion): Promise<string | undefined> => {
    const proof = await verifyRequest(question, clock.nowNs(), { keyOf, crypto });
    if (!proof.ok) {
      countDrop(proof.refusal.type === "missing" ? "unsigned" : "invalid_signature");
      return proof.refusal.text;
    }
    const { method, path, body } = question;
    if (replays.note(proof.value, `${method} ${path}`, body)) return undefined;
    countDrop("duplicate");
    return "request was used before";
  };

  const forOwner = (
    path: string,
    method: "GET" | "POST",
    answer: (question: WebQuestion) => MeshResponse | Promise<MeshResponse>,
  ): WebRoute => ({
    path,
    async answer(question) {
      if (question.method !== method) return methodNotAllowed();
      if (question.body.length > maxBodyBytes) return bodyTooLarge();
      const why = await whyNotOwner(question);
      return why === undefined
        ? answer(question)
        : textAnswer(401, `Authentication failed: ${why}`);
    },
  });

  const start = async ({ body }: WebQuestion): Promise<MeshResponse> => {
    const read = decodeGoStream(startRequest, fromUtf8(body));
    if (!read.ok) return textAnswer(400, "Invalid JSON");
    if (read.value.message === "") return textAnswer(400, "Message is required");
    if (parts.startJourney === undefined) {
      return textAnswer(503, "World journey not initialized");
    }
    const started = await parts.startJourney(read.value.message);
    if (!started.ok) return textAnswer(500, started.refusal);
    const { id, message } = started.value;
    return jsonText(mapOf({ success: "true", id: goString(id), message: goString(message) }));
  };

  const noStash = (): MeshResponse => textAnswer(501, "Stash service not initialized");
  const { stash } = parts;
  const stashed = stash === undefined ? undefined : stashAnswers({ ...parts, stash });

  return [
    forOwner("/world/start", "POST", start),
    forOwner("/api/stash/status", "GET", stashed?.status ?? noStash),
    forOwner("/api/stash/confidants", "GET", stashed?.confidants ?? noStash),
    forOwner("/api/stash/update", "POST", stashed?.update ?? noStash),
    forOwner("/api/stash/recover", "POST", stashed?.recover ?? noStash),
  ];
}
