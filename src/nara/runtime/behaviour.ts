/**
 * A behaviour declares one kind of message, once: its payload per version, its envelope, where it
 * travels, and the stages it passes on the way out and in. Services add only what they decide.
 *
 * Emit:    id → content key → sign → store → gossip → transport → notify
 * Receive: decode → verify → dedupe → rate limit → filter → store → gossip → notify → handler
 */
import type { Outcome } from "../outcome.ts";
import type { PlazaQos } from "../ports.ts";
import type { DropReason } from "./drops.ts";
import type { Draft, Message } from "./message.ts";
import type { EmitStage, ReceiveStage } from "./stage.ts";

/** What an envelope makes of a text from outside. */
export interface Decoded<Payload = unknown> {
  readonly message: Message<Payload>;
  /** The exact bytes the signature covers, from the text as it was sent. */
  readonly signedBytes: Uint8Array;
}

/** A codec at the edge: how a message looks on the wire, what its id is and what is signed. */
export interface Envelope<Payload = unknown> {
  readonly name: string;
  id(draft: Draft<Payload>): string;
  signedBytes(message: Message<Payload>): Uint8Array;
  encode(message: Message<Payload>): string;
  decode(text: string, heard: Heard): Outcome<Decoded<Payload>, DropReason>;
}

/** What is known of a text besides itself. */
export interface Heard {
  /** MQTT topic; "" when it did not come from the plaza. */
  readonly topic: string;
  readonly atNs: bigint;
}

/** Where a kind lives on the plaza. */
export interface PlazaPlace<Payload = unknown> {
  /** The filter under which it is heard. */
  readonly filter: string;
  readonly qos: PlazaQos;
  topic(message: Message<Payload>): string;
}

export interface Behaviour<Payload = unknown> {
  readonly kind: string;
  /** The version we speak. */
  readonly version: number;
  /** Versions we understand, the current one among them. */
  readonly understands: readonly number[];
  readonly envelope: Envelope<Payload>;
  readonly plaza: PlazaPlace<Payload> | undefined;
  /** Equal for payloads that say the same thing; "" for never. */
  contentKey(message: Draft<Payload>): string;
  readonly emit: readonly EmitStage[];
  readonly receive: readonly ReceiveStage[];
}

/** The parts of a behaviour that have an obvious default. */
export type BehaviourParts<Payload> = Pick<Behaviour<Payload>, "envelope" | "emit" | "receive"> &
  Partial<Omit<Behaviour<Payload>, "kind">>;

export function behaviour<Payload>(
  kind: string,
  parts: BehaviourParts<Payload>,
): Behaviour<Payload> {
  const version = parts.version ?? 1;
  return {
    kind,
    version,
    understands: parts.understands ?? [version],
    envelope: parts.envelope,
    plaza: parts.plaza,
    contentKey: parts.contentKey ?? (() => ""),
    emit: parts.emit,
    receive: parts.receive,
  };
}
