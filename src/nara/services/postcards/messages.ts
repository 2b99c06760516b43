/**
 * The plaza's news that a postcard is home, as a message. It carries no signature of its own; the
 * hop with which its originator welcomed it covers everything else in it, and that is asked for
 * wherever the originator's key is known (docs/protocol/mesh-runtime-checkpoints.md §2;
 * Weaknesses 6).
 */
import { encodeGo } from "../../codec/go-types.ts";
import { accept, refuse } from "../../outcome.ts";
import { type Behaviour, behaviour, type Envelope } from "../../runtime/behaviour.ts";
import { drop, proceed, type ReceiveContext, type ReceiveStage } from "../../runtime/stage.ts";
import { fromAnother, live, toPlaza, verified } from "../../runtime/stages.ts";
import { digestAt, hopsOf } from "./chain.ts";
import { type JourneyNotice, journeyNotice, noticeTopic, readNotice } from "./notice.ts";

/** @param isPending it came by here and is not over; news of all others is not looked at. */
export const journeyComplete = (isPending: (id: string) => boolean): Behaviour<JourneyNotice> =>
  behaviour<JourneyNotice>("journey-complete", {
    envelope,
    plaza: { filter: noticeTopic, topic: () => noticeTopic, qos: 0 },
    emit: [toPlaza],
    receive: [live, fromAnother, cameByHere(isPending), welcomedByOriginator],
  });

const envelope: Envelope<JourneyNotice> = {
  name: "journey notice",
  id: ({ payload }) => payload.journey_id,
  signedBytes: ({ payload }) => welcomeDigest(payload),
  encode: ({ payload }) => encodeGo(journeyNotice, payload),
  decode(text, { atNs }) {
    const payload = readNotice(text, "");
    if (payload === undefined) return refuse("malformed");
    const message = {
      ...{ kind: "journey-complete", version: 1, contentKey: "", tsNs: atNs, payload },
      ...{ fromId: "", to: "", toId: "", inReplyTo: "" },
      id: payload.journey_id,
      from: payload.reported_by,
      signature: lastHopOf(payload)?.signature ?? "",
    };
    return accept({ message, signedBytes: welcomeDigest(payload) });
  },
};

/** Stages see messages of their own behaviour only, so the payload is the one declared here. */
const noticeIn = ({ message }: Pick<ReceiveContext, "message">): JourneyNotice =>
  message.payload as JourneyNotice;

const cameByHere = (isPending: (id: string) => boolean): ReceiveStage => ({
  name: "came by here",
  prepare: (context) => (isPending(noticeIn(context).journey_id) ? proceed : drop("not_for_me")),
  run: (context) => (isPending(noticeIn(context).journey_id) ? proceed : drop("not_for_me")),
});

const signedByOriginator = verified((message, keyring) => {
  const publicKey = keyring.keyOf(noticeIn({ message }).originator);
  return publicKey === undefined ? { reason: "unknown_sender" } : { publicKey };
});

const welcomedByOriginator: ReceiveStage = {
  name: "welcomed",
  async run(context) {
    const notice = noticeIn(context);
    if (context.tools.keyring.keyOf(notice.originator) === undefined) return proceed;
    if (lastHopOf(notice)?.nara !== notice.originator) return drop("not_its_author");
    return signedByOriginator.run(context);
  },
};

const lastHopOf = ({ hops }: JourneyNotice) => (hops ?? []).at(-1);

const welcomeDigest = (notice: JourneyNotice): Uint8Array => {
  const { journey_id: id, message, originator, hops } = notice;
  const card = { id, message, originator, hops };
  return digestAt(card, hopsOf(card).length - 1);
};
