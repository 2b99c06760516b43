/** `/dm`: one event, said to me alone by who signed it. (docs/protocol/events-and-ledger.md §7) */
import { decodeGoStream } from "../../codec/go-types.ts";
import { fromWire, wireEvent } from "../../events/sync-event.ts";
import { maxFrameBytes } from "../../limits.ts";
import type { DropReason } from "../../runtime/drops.ts";
import { methodNotAllowed, notTheSender, successAnswer, textAnswer } from "../answers.ts";
import type { Endpoint, MeshParts } from "../endpoint.ts";

type Parts = Pick<MeshParts, "me" | "keyring" | "gate" | "intake" | "onHeardFrom" | "countDrop">;

/** What the gate says of an event that its author did not sign as it stands. */
const notItsAuthors: ReadonlySet<DropReason> = new Set([
  "id_mismatch",
  "invalid_signature",
  "key_conflict",
  "id_conflict",
]);

export function dmEndpoint(parts: Parts): Endpoint {
  const { me, keyring, gate, intake, countDrop } = parts;

  const refused = (reason: DropReason, text: string) => {
    countDrop(reason);
    return textAnswer(403, text);
  };

  return {
    path: "/dm",
    isAuthenticated: true,
    onlyReads: false,
    maxBodyBytes: maxFrameBytes,
    async answer({ method, body, sender }) {
      if (method !== "POST") return methodNotAllowed();
      const wire = decodeGoStream(wireEvent, body);
      if (!wire.ok) return textAnswer(400, "Invalid JSON");
      const { emitter, sig } = wire.value;
      if (emitter === "" || sig === "") {
        countDrop("unsigned");
        return textAnswer(400, "Unsigned event rejected");
      }
      if (keyring.keyOf(emitter) === undefined) return refused("unknown_sender", "Unknown emitter");
      const event = fromWire(wire.value);
      if (!event.ok) return refused(event.refusal, "Invalid signature");
      const [judgement] = await gate.judge([event.value], { path: "dm" });
      if (judgement === undefined) return refused("invalid", "Invalid signature");
      if ("drop" in judgement) {
        if (notItsAuthors.has(judgement.drop)) {
          return refused(judgement.drop, "Invalid signature");
        }
        countDrop(judgement.drop);
        return successAnswer(me.name, false);
      }
      if (emitter !== sender) {
        countDrop("not_its_author");
        return notTheSender();
      }
      const { added } = await intake.take([judgement.event], { path: "dm" });
      const { svc, tsNs } = judgement.event;
      if (svc !== "chau") parts.onHeardFrom(sender, Number(tsNs / 1_000_000_000n));
      return successAnswer(me.name, added > 0);
    },
  };
}
