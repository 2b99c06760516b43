/**
 * The newspaper: a nara's Status, every 30 to 300 s, on `nara/newspaper/{name}`. The topic names
 * its author. The signature covers the `Status` value byte for byte as it was sent, so it is kept
 * as text. (docs/protocol/presence-and-life.md §1)
 */
import { usualBase64 } from "../../codec/base64.ts";
import { decodeGo, encodeGo, raw, struct, text } from "../../codec/go-types.ts";
import { isNameWeAccept } from "../../identity/names.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { DropReason } from "../../runtime/drops.ts";
import { decodeStatus, encodeStatus, type NaraStatus } from "./status.ts";

export const newspaperFilter = "nara/newspaper/#";
const topicPrefix = "nara/newspaper/";

export interface Newspaper {
  /** From the topic; the `From` inside is not covered by the signature and not read. */
  readonly from: string;
  readonly status: NaraStatus;
  /** The signed text: the `Status` value as it was sent. */
  readonly statusText: string;
  /** Base64 Ed25519 over the bytes of `statusText`. */
  readonly signature: string;
}

const wireType = struct({ From: text, Status: raw, Signature: text });

export const newspaperTopic = (name: string): string => `${topicPrefix}${name}`;

/** Whose newspaper appears on a topic, if a nara may be called so. */
function newspaperAuthor(topic: string): Outcome<string, DropReason> {
  if (!topic.startsWith(topicPrefix)) return refuse("wrong_topic");
  const name = topic.slice(topicPrefix.length);
  return isNameWeAccept(name) ? accept(name) : refuse("bad_name");
}

/** The text that my newspaper signs and sends: my Status without observations. */
export const newspaperStatusText = (status: NaraStatus): string =>
  encodeStatus({ ...status, observations: null });

/** @param newspaper `statusText` is sent exactly as it was signed */
export function encodeNewspaper(newspaper: Omit<Newspaper, "status">): string {
  return encodeGo(wireType, {
    From: newspaper.from,
    Status: newspaper.statusText,
    Signature: newspaper.signature,
  });
}

/** Without a Status, as null or as anything else than an object, it is refused. */
export function decodeNewspaper(topic: string, json: string): Outcome<Newspaper, DropReason> {
  const author = newspaperAuthor(topic);
  if (!author.ok) return author;
  const envelope = decodeGo(wireType, json);
  if (!envelope.ok) return envelope;
  const { Status: statusText, Signature: signature } = envelope.value;
  if (statusText === "" || statusText === "null") return refuse("invalid");
  const status = decodeStatus(statusText);
  if (!status.ok) return status;
  return accept({ from: author.value, status: status.value, statusText, signature });
}

/** Newspapers heard before. They carry no time, so an old one sent again looks alive. */
export interface NewspaperMemory {
  /**
   * True the first time. Uptime moves with every edition, so a signature that returns is a replay.
   *
   * @param signature valid, base64, however it is spelled
   */
  isNews(from: string, signature: string): boolean;
  forget(from: string): void;
}

/** Editions remembered per author: half an hour at the fastest, five hours at the slowest pace. */
const editionsRemembered = 64;
/** Authors remembered. */
const authorsRemembered = 2_000;

export function createNewspaperMemory(): NewspaperMemory {
  const editions = new Map<string, Set<string>>();
  return {
    isNews(from, signature) {
      const heard = editions.get(from) ?? new Set();
      editions.delete(from);
      editions.set(from, heard);
      dropOldest(editions, authorsRemembered);
      const edition = usualBase64(signature);
      if (heard.has(edition)) return false;
      heard.add(edition);
      dropOldest(heard, editionsRemembered);
      return true;
    },
    forget(from) {
      editions.delete(from);
    },
  };
}

function dropOldest(members: Map<string, unknown> | Set<string>, bound: number): void {
  for (const member of members.keys()) {
    if (members.size <= bound) return;
    members.delete(member);
  }
}
