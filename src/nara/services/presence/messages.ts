/**
 * The messages of presence, each declared once.
 *
 * | kind | place | proves itself by |
 * |---|---|---|
 * | hey-there, chau | `nara/plaza/hey_there`, `…/chau` | the key it brings, which is pinned |
 * | social | `nara/plaza/social` | the key pinned for its author |
 * | howdy | `nara/plaza/howdy` | the key in its Status, which is pinned |
 * | newspaper | `nara/newspaper/{name}` | the key in its Status, which is pinned |
 *
 * Sources: docs/protocol/presence-and-life.md §1, §2; design "What we accept" 2, 4, 6.
 */
import { hashId } from "../../codec/hash-id.ts";
import { utf8 } from "../../codec/utf8.ts";
import type { EventService, Payloads } from "../../events/event-kinds.ts";
import { accept } from "../../outcome.ts";
import { type Behaviour, behaviour, type Envelope } from "../../runtime/behaviour.ts";
import { syncEvent } from "../../runtime/envelopes/sync-event.ts";
import type { Draft, Message } from "../../runtime/message.ts";
import { type EmitStage, proceed, type ReceiveStage } from "../../runtime/stage.ts";
import {
  byName,
  fromAnother,
  type Introduction,
  inTime,
  live,
  once,
  pinned,
  rateLimited,
  signed,
  stored,
  toPlaza,
  uncontradicted,
  verified,
} from "../../runtime/stages.ts";
import { storedToTaste, toTaste } from "../social/stages.ts";
import { isEvidence } from "./evidence.ts";
import { decodeHowdy, encodeHowdy, type Howdy, howdyText, howdyTopic } from "./howdy.ts";
import {
  decodeNewspaper,
  encodeNewspaper,
  type Newspaper,
  newspaperFilter,
  newspaperTopic,
} from "./newspaper.ts";

/**
 * Messages of one kind that one author may say in a minute. The reference says hey_there at most
 * every 5 s and howdy once per hey_there of others; a newspaper appears every 30 s at most
 * (presence-and-life §2). Generous, because what is refused here is lost.
 */
const perMinute = { heyThere: 20, chau: 20, howdy: 120, newspaper: 20, social: 60 };

/** Verifies under the key the message brings, then judges and at last pins it for name and id. */
function introducing<Payload>(introduction: (message: Message<Payload>) => Introduction) {
  // Stages see messages of their own behaviour only, so the payload is the one declared here.
  const introduce = introduction as (message: Message) => Introduction;
  return {
    verify: verified((message) => ({ publicKey: introduce(message).publicKey })),
    key: uncontradicted(introduce),
    pin: pinned(introduce),
  };
}

function plazaEvent<Svc extends EventService>(
  svc: Svc,
  topic: string,
  parts: Pick<Behaviour, "receive"> & Partial<Pick<Behaviour, "emit">> & { pin?: ReceiveStage },
): Behaviour<Payloads[Svc]> {
  return behaviour(svc, {
    envelope: syncEvent(svc),
    plaza: { filter: topic, topic: () => topic, qos: 0 },
    emit: [signed, stored(svc), toPlaza],
    receive: [
      ...[live, fromAnother, ...parts.receive, inTime, once, stored(svc)],
      ...(parts.pin === undefined ? [] : [parts.pin]),
    ],
    ...(parts.emit === undefined ? {} : { emit: parts.emit }),
  });
}

/** Who comes and who goes shows its key, and signs for its name. */
const greeting = introducing<Payloads["hey-there"] | Payloads["chau"]>(({ payload }) => ({
  name: payload.From,
  nameIsSigned: true,
  id: payload.ID,
  idIsSigned: false,
  publicKey: payload.PublicKey,
}));

export const heyThere = plazaEvent("hey-there", "nara/plaza/hey_there", {
  receive: [greeting.verify, greeting.key, rateLimited(perMinute.heyThere)],
  pin: greeting.pin,
});

export const chau = plazaEvent("chau", "nara/plaza/chau", {
  receive: [greeting.verify, greeting.key, rateLimited(perMinute.chau)],
  pin: greeting.pin,
});

/**
 * The reference hears social events on the plaza and never says any there; we say only those that
 * tell that we are still here (docs/decisions/staying-evident.md).
 */
const evidenceToPlaza: EmitStage = {
  name: "transport: plaza, evidence only",
  run: (context) =>
    isEvidence(context.message.payload as Payloads["social"]) ? toPlaza.run(context) : proceed,
};

export const social = plazaEvent("social", "nara/plaza/social", {
  emit: [signed, storedToTaste("social"), evidenceToPlaza],
  receive: [verified(byName), rateLimited(perMinute.social), toTaste("social")],
});

/** What I saw of others: kept, and passed on by gossip only. */
export const observation = behaviour("observation", {
  envelope: syncEvent("observation"),
  emit: [signed, storedToTaste("observation")],
  receive: [],
});

/** Only From, To and Seq are signed; the whole text is hashed for the id. */
const howdyEnvelope: Envelope<Howdy> = {
  name: "howdy",
  id: (draft) => hashId(encodeHowdy({ ...draft.payload, signature: "" })),
  signedBytes: ({ payload }) => utf8(howdyText(payload)),
  encode: (message) => encodeHowdy({ ...message.payload, signature: message.signature }),
  decode(text, { atNs }) {
    const decoded = decodeHowdy(text);
    if (!decoded.ok) return decoded;
    const howdy = decoded.value;
    const signedBytes = utf8(howdyText(howdy));
    const message = undated("howdy", howdy.from, hashId(text), atNs, howdy, howdy.signature);
    return accept({ message: { ...message, to: howdy.to }, signedBytes });
  },
};

const greeter = introducing<Howdy>(({ payload }) => ({
  name: payload.from,
  nameIsSigned: true,
  id: payload.me.id,
  idIsSigned: false,
  publicKey: payload.me.publicKey,
}));

export const howdy = behaviour<Howdy>("howdy", {
  envelope: howdyEnvelope,
  plaza: { filter: howdyTopic, topic: () => howdyTopic, qos: 0 },
  emit: [signed, toPlaza],
  receive: [
    ...[live, fromAnother, greeter.verify, greeter.key],
    ...[rateLimited(perMinute.howdy), once, greeter.pin],
  ],
});

/** Signed over the bytes of the Status as it was sent. */
const newspaperEnvelope: Envelope<Newspaper> = {
  name: "newspaper",
  id: (draft) => newspaperId(draft.payload),
  signedBytes: ({ payload }) => utf8(payload.statusText),
  encode: (message) => encodeNewspaper({ ...message.payload, signature: message.signature }),
  decode(text, { topic, atNs }) {
    const decoded = decodeNewspaper(topic, text);
    if (!decoded.ok) return decoded;
    const paper = decoded.value;
    const id = newspaperId(paper);
    const message = undated("newspaper", paper.from, id, atNs, paper, paper.signature);
    return accept({ message, signedBytes: utf8(paper.statusText) });
  },
};

const author = introducing<Newspaper>(({ payload }) => ({
  name: payload.from,
  nameIsSigned: false,
  id: payload.status.id,
  idIsSigned: true,
  publicKey: payload.status.publicKey,
}));

export const newspaper = behaviour<Newspaper>("newspaper", {
  envelope: newspaperEnvelope,
  plaza: {
    filter: newspaperFilter,
    topic: ({ from }) => newspaperTopic(from),
    qos: 0,
  },
  emit: [signed, toPlaza],
  receive: [
    ...[live, fromAnother, author.verify, author.key],
    ...[rateLimited(perMinute.newspaper), once, author.pin],
  ],
});

export const presenceBehaviours = [heyThere, chau, social, observation, howdy, newspaper] as const;

/** Same author, same Status: the same edition, whoever sends it again. */
const newspaperId = ({ from, statusText }: Newspaper): string => hashId(`${from}\n${statusText}`);

/** A message whose envelope carries no time of its own: it counts as said when it was heard. */
function undated<Payload>(
  kind: string,
  from: string,
  id: string,
  tsNs: bigint,
  payload: Payload,
  signature: string,
): Message<Payload> {
  const draft: Draft<Payload> = {
    ...{ kind, version: 1, tsNs, from, payload },
    ...{ fromId: "", to: "", toId: "", inReplyTo: "" },
  };
  return { ...draft, id, contentKey: "", signature };
}
