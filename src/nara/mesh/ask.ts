/**
 * One question to one peer: signed, carried within bounds, its answer verified under the key that is
 * pinned for the peer's name. (docs/protocol/mesh-runtime-checkpoints.md §1)
 */
import { fromUtf8, utf8 } from "../codec/utf8.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Clock, Crypto } from "../ports.ts";
import type { DropReason } from "../runtime/drops.ts";
import type { Keyring } from "../runtime/keyring.ts";
import type { Author } from "../sync/signed-list.ts";
import { meshUrl } from "./address.ts";
import { dropOf, isFresh, signatureHeader, signRequest, verifyResponse } from "./auth.ts";
import type { MeshBounds, MeshFailure, MeshHeaders, MeshRequest, MeshSend } from "./http.ts";
import type { PeerRegistry } from "./peers.ts";

export interface Question extends MeshBounds {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Without the question mark; "" for none. */
  readonly query?: string;
  /** JSON. */
  readonly body?: string;
  /** The peer must prove who answers; where it need not, the answer is worth a hint. */
  readonly isAuthenticated: boolean;
  readonly headers?: readonly (readonly [string, string])[];
}

export interface MeshAnswer {
  readonly status: number;
  readonly headers: MeshHeaders;
  readonly text: string;
}

/**
 * | type | meaning |
 * |---|---|
 * | silent | I only listen just now, and ask nobody |
 * | unregistered | I know no address of this peer |
 * | unreachable, timeout, too_large | see `MeshFailure` |
 * | busy | I wait for too many answers already |
 * | unbelieved | somebody answered, but not this peer, not now, or not so |
 * | refused | the peer said no |
 */
export interface AskRefusal {
  readonly type:
    | "silent"
    | "unregistered"
    | MeshFailure["type"]
    | "busy"
    | "unbelieved"
    | "refused";
  /** A short sentence for a person. */
  readonly why: string;
  /** Of a peer that refused. */
  readonly status?: number;
}

export interface AskParts {
  readonly send: MeshSend;
  readonly me: Author;
  readonly keyring: Pick<Keyring, "keyOf" | "nameOfId">;
  readonly clock: Clock;
  readonly crypto: Pick<Crypto, "verify">;
  readonly peers: Pick<PeerRegistry, "addressesOf" | "prove" | "doubt" | "miss">;
  /** An answer was not believed, or too large, and why. */
  countDrop?(reason: DropReason): void;
  /** @param aheadMs how far my clock is ahead of the peer's, by an answer that it signed. */
  noteSkew?(name: string, aheadMs: number): void;
}

interface Unbelieved {
  readonly reason: DropReason;
  /** A short sentence for a person. */
  readonly why: string;
}

export type Ask = (name: string, question: Question) => Promise<Outcome<MeshAnswer, AskRefusal>>;

/** Questions under way at a time; each holds a connection and an answer of up to its bound. */
const mostUnderWay = 64;
/** Characters of a refusal that are passed on. */
const longestWhy = 200;

export function createAsk(parts: AskParts): Ask {
  const { send, me, keyring, clock, crypto, peers, countDrop = () => {} } = parts;
  let underWay = 0;

  const requestOf = (question: Question): MeshRequest => {
    const { method, path, query = "", body = "", isAuthenticated, headers = [] } = question;
    const content: [string, string][] = body === "" ? [] : [["content-type", "application/json"]];
    const proof = isAuthenticated ? signRequest(me, clock.nowNs(), { method, path }) : [];
    return {
      method,
      target: query === "" ? path : `${path}?${query}`,
      headers: new Map([...headers, ...content, ...proof]),
      body: utf8(body),
    };
  };

  /** Undefined when this peer said this, just now. */
  const whyUnbelieved = async (
    name: string,
    headers: MeshHeaders,
    body: Uint8Array,
  ): Promise<Unbelieved | undefined> => {
    const verdict = await verifyResponse({ headers, body }, { keyOf: keyring.keyOf, crypto });
    if (!verdict.ok) return { reason: dropOf[verdict.refusal.type], why: verdict.refusal.text };
    const said = verdict.value;
    if (said.name !== name) {
      return { reason: "not_its_author", why: `${said.name} answers in place of ${name}` };
    }
    const nowNs = clock.nowNs();
    const aheadMs = Number(nowNs / 1_000_000n - said.atMs);
    parts.noteSkew?.(name, aheadMs);
    if (isFresh(said, nowNs)) return undefined;
    const reason = aheadMs > 0 ? "stale" : "future";
    return { reason, why: `the clocks of ${name} and me are too far apart` };
  };

  const askAt = async (
    name: string,
    address: string,
    question: Question,
  ): Promise<Outcome<MeshAnswer, AskRefusal>> => {
    const sent = await within(
      clock,
      question,
      send(meshUrl(address), requestOf(question), question),
    );
    if (!sent.ok) {
      if (sent.refusal.type === "too_large") countDrop("too_large");
      return sent;
    }
    const { status, headers, body } = sent.value;
    const answer = { status, headers, text: fromUtf8(body) };
    if (!question.isAuthenticated) return accept(answer);
    const isSigned = headers.has(signatureHeader);
    const fault = isSigned || status === 200 ? await whyUnbelieved(name, headers, body) : undefined;
    if (fault !== undefined) {
      countDrop(fault.reason);
      return refuse({ type: "unbelieved", why: fault.why });
    }
    if (isSigned) peers.prove(name, address);
    return accept(answer);
  };

  const askInTurn: Ask = async (name, question) => {
    let last: Outcome<MeshAnswer, AskRefusal> = refuse({
      type: "unregistered",
      why: `I know no way to ${name}`,
    });
    for (const address of peers.addressesOf(name)) {
      last = await askAt(name, address, question);
      if (last.ok) break;
      if (last.refusal.type === "unreachable") peers.miss(name, address);
      else if (last.refusal.type === "unbelieved") peers.doubt(name, address);
      else break;
    }
    return last.ok && last.value.status !== 200 ? refusedBy(last.value, question) : last;
  };

  return async (name, question) => {
    if (underWay >= mostUnderWay) {
      return refuse({ type: "busy", why: "I wait for too many answers already" });
    }
    underWay++;
    try {
      return await askInTurn(name, question);
    } finally {
      underWay--;
    }
  };
}

/** Redirects are told to who may get them. */
function refusedBy(answer: MeshAnswer, { path }: Question): Outcome<MeshAnswer, AskRefusal> {
  if (path === "/peer/query" && (answer.status === 307 || answer.status === 404)) {
    return accept(answer);
  }
  const why = `server returned ${answer.status}: ${answer.text.trim().slice(0, longestWhy)}`;
  return refuse({ type: "refused", why, status: answer.status });
}

/** Whoever carries it should keep the deadline; this holds even where nobody does. */
function within<Value>(
  clock: Pick<Clock, "after">,
  { deadlineMs }: MeshBounds,
  sent: Promise<Outcome<Value, MeshFailure>>,
): Promise<Outcome<Value, MeshFailure>> {
  return new Promise((resolve) => {
    const cancel = clock.after(deadlineMs, () =>
      resolve(refuse({ type: "timeout", why: `no answer within ${deadlineMs} ms` })),
    );
    void sent
      .catch(() => refuse({ type: "unreachable" as const, why: "the connection broke" }))
      .then((outcome) => {
        cancel();
        resolve(outcome);
      });
  });
}
