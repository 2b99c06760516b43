/**
 * What naras with a tunnel ask of others elsewhere, over plain HTTP: only where a verified hey_there
 * or the operator leads, never into a network that is not the open internet unless listed. What is
 * checked is the address that is then connected to. No redirect is followed: the nara may ask anew,
 * and is judged anew. (docs/server.md, The mesh)
 */
import { type ClientRequest, type IncomingMessage, request as requestOf } from "node:http";
import { isIP } from "node:net";
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";
import type { CancelReason, RequestHead } from "../../tunnel/frames.ts";
import type { Exchange, ExchangeListener } from "../../tunnel/streams.ts";
import { createTokenBucket, type TokenBucket } from "../token-bucket.ts";
import { type Authority, parseAuthority } from "./authority.ts";
import { createBudgets } from "./budgets.ts";
import type { EgressList } from "./egress-list.ts";
import { carriedFields, fieldsFromRaw, promisedLength } from "./fields.ts";
import { createIsPublic, createRanges } from "./ip-ranges.ts";
import { type EgressLimits, maxNames } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { deaf } from "./question.ts";
import type { Resolve } from "./resolve.ts";

export interface EgressParts {
  readonly nowMs: () => number;
  readonly metrics: Metrics;
  readonly limits: EgressLimits;
  readonly allowed: EgressList;
  /** Whether a verified hey_there said so. */
  isAnnounced(authority: string): boolean;
  /** An exchange with it was complete. */
  onReached(authority: string): void;
  readonly resolve: Resolve;
  /** From which address of ours a nara asks; undefined: any. */
  localAddressOf(name: string, remote: string): string | undefined;
}

/** Carries one question out and its answer back. */
export type Egress = (name: string, head: RequestHead, asker: Exchange) => ExchangeListener;

interface Budget {
  readonly requests: TokenBucket;
  readonly bytes: TokenBucket;
  open: number;
}
interface Refusal {
  /** As it is counted. */
  readonly counted: string;
  readonly reason: CancelReason;
}
interface Target {
  readonly authority: Authority;
  /** Operators mean what they list: their own resolver, hosts file and all. */
  readonly listed: boolean;
  permits(address: string): boolean;
}

export function createEgress(parts: EgressParts): Egress {
  const { nowMs, metrics, limits, allowed } = parts;
  const listed = new Set(allowed.authorities);
  const inRanges = createRanges(allowed.ranges);
  const isPublic = createIsPublic();
  const budgets = createBudgets<Budget>({
    nowMs,
    fullAfterMs: limits.fullAfterMs,
    most: maxNames,
    create: () => ({
      requests: createTokenBucket(limits.requestsPerMinute / 60, limits.requestsPerMinute, nowMs),
      bytes: createTokenBucket(limits.bytesPerMinute / 60, limits.bytesPerMinute, nowMs),
      open: 0,
    }),
  });
  let open = 0;

  /** Where a question leads, before any name is looked up. */
  const targetOf = (text: string): Outcome<Target, Refusal> => {
    const authority = parseAuthority(text);
    if (authority === undefined) {
      return refuse({ counted: "egress: no address", reason: "unreachable" });
    }
    const isListed = listed.has(authority.text);
    const isKnown = parts.isAnnounced(authority.text);
    const isRanged = isIP(authority.host) !== 0 && inRanges(authority.host);
    if (isKnown && !isListed && !isRanged && isSystemPort(authority.port)) {
      return refuse({ counted: "egress: a port of no nara", reason: "forbidden" });
    }
    if (!isListed && !isKnown && !isRanged) {
      return refuse({ counted: "egress: announced by nobody", reason: "forbidden" });
    }
    return accept({
      authority,
      listed: isListed,
      permits: (address) => isListed || inRanges(address) || (isKnown && isPublic(address)),
    });
  };
  const addressFor = async (target: Target): Promise<Outcome<string, Refusal>> => {
    const { host } = target.authority;
    const addresses = isIP(host) === 0 ? await parts.resolve(host, target.listed) : [host];
    if (addresses.length === 0) {
      return refuse({ counted: "egress: unknown host", reason: "unreachable" });
    }
    // One that leads inside spoils them all: it is no mistake.
    const forbidden = addresses.some((address) => !target.permits(address));
    const [first] = addresses;
    return first === undefined || forbidden
      ? refuse({ counted: "egress: a forbidden range", reason: "forbidden" })
      : accept(first);
  };

  return (name, head, asker) => {
    const budget = budgets.of(name);
    const target = targetOf(head.authority);
    const refused = target.ok ? whyNot(budget, open, limits) : target.refusal;
    if (refused !== undefined || !target.ok) {
      const { counted, reason } = refused ?? { counted: "egress: no address", reason: "forbidden" };
      metrics.refuse(counted);
      asker.cancel(reason);
      return deaf;
    }
    open += 1;
    budget.open += 1;
    const beganMs = nowMs();
    const trip = createTrip({
      head,
      asker,
      limits,
      bytes: budget.bytes,
      onDone: (outcome) => {
        open -= 1;
        budget.open -= 1;
        if (!outcome.ok) return metrics.refuse(outcome.refusal);
        metrics.add("egress_requests", 1);
        metrics.observeMs(nowMs() - beganMs);
        parts.onReached(target.value.authority.text);
      },
      onBytes: (count) => metrics.add("egress_bytes", count),
    });
    void addressFor(target.value).then((found) => {
      if (!found.ok) return trip.fail(found.refusal.counted, found.refusal.reason);
      const localAddress = parts.localAddressOf(name, found.value);
      trip.depart({ address: found.value, authority: target.value.authority, localAddress });
    });
    return trip.listener;
  };
}

function whyNot(budget: Budget, open: number, limits: EgressLimits): Refusal | undefined {
  if (budget.open >= limits.maxOpen || open >= limits.maxOpenOfAll) {
    return { counted: "egress: too many at once", reason: "busy" };
  }
  return budget.requests.take(1)
    ? undefined
    : { counted: "egress: too many requests", reason: "busy" };
}

interface TripParts {
  readonly head: RequestHead;
  readonly asker: Exchange;
  readonly limits: EgressLimits;
  readonly bytes: TokenBucket;
  /** Once. A refusal is as it is counted. */
  onDone(outcome: Outcome<true>): void;
  onBytes(count: number): void;
}
interface Trip {
  readonly listener: ExchangeListener;
  /** Once it is known where to. */
  depart(to: {
    readonly address: string;
    readonly authority: Authority;
    readonly localAddress: string | undefined;
  }): void;
  fail(counted: string, reason: CancelReason): void;
}

/** One question on its way. What comes before it departs waits, no more than a window of it. */
function createTrip(parts: TripParts): Trip {
  const { head, asker, limits } = parts;
  const fields = carriedFields(head.fields);
  const promised = promisedLength(fields);
  const waiting: Uint8Array[] = [];
  let outgoing: ClientRequest | undefined;
  let incoming: IncomingMessage | undefined;
  let asked = 0;
  let complete = false;
  let done = false;

  const finish = (outcome: Outcome<true>): void => {
    if (done) return;
    done = true;
    waiting.length = 0;
    parts.onDone(outcome);
  };
  const fail = (counted: string, reason: CancelReason): void => {
    if (done) return;
    finish(refuse(counted));
    asker.cancel(reason);
    outgoing?.destroy();
  };
  const spend = (count: number): boolean => {
    parts.onBytes(count);
    if (parts.bytes.take(count)) return true;
    fail("egress: too many bytes", "busy");
    return false;
  };
  const give = (bytes: Uint8Array): void => {
    outgoing?.write(bytes, () => asker.consumed(bytes.length));
  };

  const answer = (response: IncomingMessage) => {
    incoming = response;
    response.on("error", () => fail("egress: an answer cut short", "failed"));
    const status = response.statusCode ?? 0;
    if (!asker.respond({ status, fields: fieldsFromRaw(response.rawHeaders) })) {
      return fail("egress: an answer that is no HTTP", "failed");
    }
    response.on("data", (bytes: Buffer) => {
      if (done || !spend(bytes.length)) return;
      if (!asker.write(bytes)) response.pause();
    });
    response.on("end", () => {
      if (!response.complete) return fail("egress: an answer cut short", "failed");
      asker.end();
      finish(accept(true));
      if (!complete) outgoing?.destroy();
    });
  };

  return {
    fail,
    depart: ({ address, authority, localAddress }) => {
      if (done) return;
      const headers: Record<string, string> = { host: head.authority, connection: "close" };
      for (const [name, value] of fields) headers[name] = value;
      const sent = requestOf({
        // A connection of its own: it goes to the address that was checked for this question.
        agent: false,
        host: address,
        port: authority.port,
        ...(localAddress === undefined ? {} : { localAddress }),
        method: head.method,
        path: head.target,
        headers,
        maxHeaderSize: limits.maxHeadBytes,
        timeout: limits.silenceMs,
      });
      outgoing = sent;
      const tooLong = setTimeout(
        () => fail("egress: no connection in time", "unreachable"),
        limits.connectMs,
      );
      sent.once("socket", (socket) => socket.once("connect", () => clearTimeout(tooLong)));
      sent.once("timeout", () => fail("egress: silence", "deadline"));
      sent.once("response", answer);
      sent.once("error", () => {
        if (incoming === undefined) fail("egress: nobody there", "unreachable");
        else fail("egress: an answer cut short", "failed");
      });
      sent.once("close", () => {
        clearTimeout(tooLong);
        fail("egress: an answer cut short", "failed");
      });
      for (const bytes of waiting.splice(0)) give(bytes);
      if (complete) sent.end();
    },
    listener: {
      onBody: (bytes) => {
        if (done || !spend(bytes.length)) return;
        asked += bytes.length;
        // Without a length only what is chunked can carry a body, and a GET is not.
        if (asked > (promised ?? (isBodied(head.method) ? Number.POSITIVE_INFINITY : 0))) {
          return fail("egress: a body longer than promised", "failed");
        }
        if (outgoing === undefined) waiting.push(bytes);
        else give(bytes);
      },
      onEnd: () => {
        complete = true;
        if (promised !== undefined && asked !== promised) {
          return fail("egress: a body shorter than promised", "failed");
        }
        outgoing?.end();
      },
      onRoom: () => incoming?.resume(),
      onCancel: (reason) => {
        finish(refuse(`egress: ${reason}`));
        outgoing?.destroy();
      },
    },
  };
}

/** Mail, shells and the like, which strangers announce to have us talk to them (RFC 6335 §6). */
const isSystemPort = (port: number): boolean => port < 1024 && port !== 80 && port !== 443;

const isBodied = (method: string): boolean => ["POST", "PUT", "PATCH"].includes(method);
