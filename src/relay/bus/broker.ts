/** What the bus needs of a message broker: subjects, and to hear that nobody listens. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { utf8 } from "../../nara/codec/utf8.ts";
import type { Cancel } from "../../nara/ports.ts";

export interface BrokerMessage {
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly reply: string | undefined;
  /** The broker itself says: nobody listened where we published with this subject as `reply`. */
  readonly nobody: boolean;
}

/**
 * Messages of one connection arrive in the order in which they were published, at most once, never
 * at the connection that published them and never before `publish` has returned.
 */
export interface Broker {
  readonly address: string;
  publish(subject: string, bytes: Uint8Array, reply?: string): void;
  /**
   * @param subject may end in `.>`: whatever begins so.
   * @returns ends it; what was on its way before is still heard.
   */
  subscribe(subject: string, hear: (message: BrokerMessage) => void): Cancel;
  /** Resolves when the broker has taken all that was given to it, or is lost. Never rejects. */
  settled(): Promise<void>;
  isOpen(): boolean;
  /** Bytes that it may not have taken yet. */
  unsentBytes(): number;
  /** Calls `task` whenever the connection breaks: messages may have been lost. */
  onLost(task: () => void): void;
  close(): Promise<void>;
}

/** Everything of ours begins so; `1` is the version of docs/decisions/bus.md. */
const root = "nara.1";

/** Hex, because a subject splits at dots, ends at spaces and treats `*` and `>` as patterns. */
const token = (text: string): string => bytesToHex(utf8(text));

export const subjects = {
  holder: (whom: string): string => `${root}.at.${token(whom)}`,
  name: (name: string): string => `${root}.name.${token(name)}`,
  inbox: (relay: string): string => `${root}.to.${relay}`,
};

/** Relays answer nowhere else, whatever a message says. */
export const isInboxSubject = (subject: string): boolean =>
  /^nara\.1\.to\.[0-9a-f]{16}\.\d{1,15}$/.test(subject);
