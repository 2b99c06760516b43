/**
 * What a nara asks of its peers, by name, and what it believes of their answers.
 * (docs/protocol/mesh-runtime-checkpoints.md §1; events-and-ledger.md §6, §7)
 */

import { decodeBase64 } from "../codec/base64.ts";
import { bool, decodeGoStream, encodeGo, type GoType, struct, text } from "../codec/go-types.ts";
import type { JsonRefusal } from "../codec/json-reader.ts";
import { syncRequest } from "../events/carriers.ts";
import { encodeSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { maxBatchBytes, maxFrameBytes } from "../limits.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { SignatureClaim } from "../ports.ts";
import type { DropReason } from "../runtime/drops.ts";
import type { Coordinates } from "../services/presence/status.ts";
import { inTurns } from "../sync/carried-list.ts";
import { batchLimits, type EventList, readEventList } from "../sync/event-list.ts";
import {
  readSyncResponseInPieces,
  type SyncResponse,
  syncResponseClaim,
} from "../sync/sync-response.ts";
import {
  judgeZine,
  type PrintedEvent,
  printZine,
  readZineInPieces,
  type Zine,
  zineClaim,
} from "../sync/zine.ts";
import { type Ask, type AskParts, type AskRefusal, createAsk, type Question } from "./ask.ts";
import { checkpointsAnswer } from "./endpoints/checkpoints-all.ts";
import { coordinatesAnswer } from "./endpoints/coordinates.ts";
import { peerAnswer, redirectHeader } from "./endpoints/peer-query.ts";
import { pingAnswer } from "./endpoints/ping.ts";
import { type Postcard, postcard } from "./postcard.ts";

export interface Pinged {
  /** There and back, ms. */
  readonly rttMs: number;
  /** What it says of itself, unsigned. Base64. */
  readonly publicKey: string;
  readonly meshIp: string;
}

/** Hearsay: nobody signed it. */
export type PeerHint =
  | { readonly type: "known"; readonly publicKey: string; readonly meshIp: string }
  /** Somebody else may know. */
  | { readonly type: "ask"; readonly name: string }
  | { readonly type: "unknown" };

/** What to ask for; `from` is filled in. Lists and numbers as in events-and-ledger §6. */
export interface SyncQuestion {
  readonly services?: readonly string[] | null;
  readonly subjects?: readonly string[] | null;
  readonly mode?: "sample" | "page" | "recent" | "";
  readonly sampleSize?: number;
  /** Unix nanoseconds; from the beginning where absent. */
  readonly cursorNs?: bigint;
  readonly pageSize?: number;
  readonly limit?: number;
  readonly sinceNs?: bigint;
  readonly sliceIndex?: number;
  readonly sliceTotal?: number;
  readonly maxEvents?: number;
}

export interface CheckpointPage extends EventList {
  readonly total: number;
  readonly hasMore: boolean;
}

type Asked<Value> = Promise<Outcome<Value, AskRefusal>>;

export interface MeshClient {
  ping(name: string): Asked<Pinged>;
  /** Undefined when it has none. */
  coordinates(name: string): Asked<Coordinates | undefined>;
  /** Asks `name` about `target`. @param asked whom I asked already, me included. */
  query(name: string, target: string, asked: readonly string[]): Asked<PeerHint>;
  /** An answer whose list of events the peer signed as a whole. Its events have to pass the gate still. */
  sync(name: string, question: SyncQuestion): Asked<SyncResponse>;
  /** Gives a zine of these events and gets one back: the peer's own, signed, of now. */
  zine(name: string, mine: readonly PrintedEvent[]): Asked<Zine>;
  /** True when the peer keeps it; false when it is no news or not to its taste. */
  dm(name: string, event: SyncEvent): Asked<boolean>;
  /** Hands a postcard on. A refusal is the peer's own reason. */
  relay(name: string, card: Postcard): Asked<void>;
  /**
   * One runtime message; resolves with why it could not be sent, or undefined.
   *
   * @param toName whose id it is said to be; tried while no key is pinned for the id.
   */
  message(toId: string, message: string, toName?: string): Promise<string | undefined>;
  /** The old way to fetch checkpoints. Nobody signs the list: each must prove itself. */
  checkpoints(name: string, limit: number, offset: number): Asked<CheckpointPage>;
}

/** A request as a whole (§1). */
const questionMs = 5000;
/** What the reference means to give zines, DMs and postcards (§1, "nominal"), and we do. */
const deliveryMs = 15_000;
const brief = { deadlineMs: questionMs, maxBodyBytes: maxFrameBytes };
const delivery = { deadlineMs: deliveryMs, maxBodyBytes: maxFrameBytes };
const batch = { deadlineMs: deliveryMs, maxBodyBytes: maxBatchBytes };

const success = struct({ from: text, success: bool });

export interface MeshClientParts extends AskParts {
  /** It asks nobody; runtime messages go, because `emit` has decided about them already. */
  isSilent?(): boolean;
}

export function createMeshClient(parts: MeshClientParts): MeshClient {
  const { me, keyring, clock, crypto } = parts;
  const askAtAnyTime = createAsk(parts);
  const ask: Ask = async (name, question) =>
    parts.isSilent?.() === true
      ? refuse({ type: "silent", why: "this nara only listens just now" })
      : askAtAnyTime(name, question);

  const unbelieved = (reason: DropReason, why: string) => {
    parts.countDrop?.(reason);
    return refuse<AskRefusal>({ type: "unbelieved", why });
  };
  const unreadable = (what: string, reason: JsonRefusal) =>
    unbelieved(reason, `unreadable ${what}: ${reason}`);

  /** Written once for all takers of a round. */
  let lastZine: { mine: readonly PrintedEvent[]; atS: bigint; text: string } | undefined;
  const zineOf = (mine: readonly PrintedEvent[]): string => {
    const nowNs = clock.nowNs();
    const atS = nowNs / 1_000_000_000n;
    if (lastZine?.mine !== mine || lastZine.atS !== atS) {
      lastZine = { mine, atS, text: printZine(mine, me, nowNs) };
    }
    return lastZine.text;
  };

  const askJson = async <Value>(
    name: string,
    type: GoType<Value>,
    question: Question,
  ): Promise<Outcome<Value, AskRefusal>> => {
    const answer = await ask(name, question);
    if (!answer.ok) return answer;
    const read = decodeGoStream(type, answer.value.text);
    return read.ok ? read : unreadable("answer", read.refusal);
  };

  const holds = async (
    name: string,
    claimOf: (key: Uint8Array) => SignatureClaim | undefined,
  ): Promise<boolean> => {
    const key = decodeBase64(keyring.keyOf(name) ?? "");
    const claim = key === undefined ? undefined : claimOf(key);
    return claim !== undefined && (await crypto.verify([claim]))[0] === true;
  };

  return {
    async ping(name) {
      const sentMs = clock.monotonicMs();
      const headers = [["x-nara-from", me.name]] as const;
      const answer = await askJson(name, pingAnswer, { ...get("/ping"), headers });
      if (!answer.ok) return answer;
      const rttMs = clock.monotonicMs() - sentMs;
      const { from, public_key: publicKey, mesh_ip: meshIp } = answer.value;
      const pinned = keyring.keyOf(name);
      if (from !== name) return unbelieved("not_its_author", `${from} answers in place of ${name}`);
      if (pinned !== undefined && pinned !== publicKey) {
        return unbelieved("key_conflict", `${name} answers with another key`);
      }
      return accept({ rttMs, publicKey, meshIp });
    },

    async coordinates(name) {
      const answer = await askJson(name, coordinatesAnswer, get("/coordinates"));
      return answer.ok ? accept(answer.value.coordinates) : answer;
    },

    async query(name, target, asked) {
      const names = asked.map(encodeURIComponent).join(",");
      const query = `target=${encodeURIComponent(target)}&asked=${names}`;
      const answer = await ask(name, { ...get("/peer/query"), query });
      if (!answer.ok) return answer;
      if (answer.value.status === 307) {
        const next = answer.value.headers.get(redirectHeader) ?? "";
        return accept(next === "" ? { type: "unknown" } : { type: "ask", name: next });
      }
      if (answer.value.status !== 200) return accept({ type: "unknown" });
      const read = decodeGoStream(peerAnswer, answer.value.text);
      if (!read.ok) return unreadable("answer", read.refusal);
      const { target: about, public_key: publicKey, mesh_ip: meshIp } = read.value;
      if (about !== target || publicKey === "") return accept({ type: "unknown" });
      return accept({ type: "known", publicKey, meshIp });
    },

    async sync(name, question) {
      const body = encodeGo(syncRequest, wireQuestion(me.name, question));
      const answer = await ask(name, { ...post("/events/sync", body), ...batch });
      if (!answer.ok) return answer;
      const read = await inTurns(readSyncResponseInPieces(answer.value.text), clock);
      if (!read.ok) return unreadable("answer", read.refusal);
      if (read.value.from !== name) {
        return unbelieved("not_its_author", `the events are told by ${read.value.from}`);
      }
      if (!(await holds(name, (key) => syncResponseClaim(read.value, key)))) {
        return unbelieved("invalid_signature", "the list of events is not signed by who tells it");
      }
      return read;
    },

    async zine(name, mine) {
      const written = zineOf(mine);
      const answer = await ask(name, { ...post("/gossip/zine", written), ...batch });
      if (!answer.ok) return answer;
      const read = await inTurns(readZineInPieces(answer.value.text), clock);
      if (!read.ok) return unreadable("zine", read.refusal);
      const verdict = judgeZine(read.value, name, clock.nowNs());
      if (!verdict.ok) return unbelieved(verdict.refusal, `the zine is ${verdict.refusal}`);
      if (!(await holds(name, (key) => zineClaim(read.value, key)))) {
        return unbelieved("invalid_signature", "the zine is not signed by its maker");
      }
      return read;
    },

    async dm(name, event) {
      const question = post("/dm", encodeSyncEvent(event));
      const answer = await askJson(name, success, question);
      return answer.ok ? accept(answer.value.success) : answer;
    },

    async relay(name, card) {
      // A list that is null confuses the reference (design "What we accept" 9).
      const body = encodeGo(postcard, { ...card, hops: card.hops ?? [] });
      const answer = await askJson(name, success, post("/world/relay", body));
      if (!answer.ok) return answer;
      return answer.value.success
        ? accept(undefined)
        : unbelieved("invalid", "the answer says no success");
    },

    async message(toId, message, toName = "") {
      const name = keyring.nameOfId(toId) ?? toName;
      if (name === "") return `peer not registered: ${toId}`;
      const answer = await askAtAnyTime(name, post("/mesh/message", message));
      return answer.ok ? undefined : answer.refusal.why;
    },

    async checkpoints(name, limit, offset) {
      const question = { ...get("/api/checkpoints/all"), query: `limit=${limit}&offset=${offset}` };
      const answer = await ask(name, { ...question, ...batch });
      if (!answer.ok) return answer;
      const read = decodeGoStream(checkpointsAnswer, answer.value.text, batchLimits);
      if (!read.ok) return unreadable("answer", read.refusal);
      const { checkpoints, total, has_more: hasMore } = read.value;
      return accept({ ...readEventList(checkpoints), total: Number(total), hasMore });
    },
  };
}

const get = (path: string): Question => ({ ...brief, method: "GET", path, isAuthenticated: false });

const post = (path: string, body: string): Question => ({
  ...delivery,
  method: "POST",
  path,
  body,
  isAuthenticated: true,
});

const wireQuestion = (from: string, question: SyncQuestion) => ({
  from,
  services: question.services ?? null,
  subjects: question.subjects ?? null,
  mode: question.mode ?? "",
  sample_size: BigInt(question.sampleSize ?? 0),
  cursor: question.cursorNs === undefined ? "" : String(question.cursorNs),
  page_size: BigInt(question.pageSize ?? 0),
  limit: BigInt(question.limit ?? 0),
  since_time: question.sinceNs ?? 0n,
  slice_index: BigInt(question.sliceIndex ?? 0),
  slice_total: BigInt(question.sliceTotal ?? 0),
  max_events: BigInt(question.maxEvents ?? 0),
});
