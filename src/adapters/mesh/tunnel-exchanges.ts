/** HTTP of a nara through the streams of a tunnel, whatever the tunnel is made of. */
import { fromUtf8 } from "../../nara/codec/utf8.ts";
import type { MeshHandler, MeshHints, MeshRequest, MeshSend } from "../../nara/mesh/http.ts";
import { accept, refuse } from "../../nara/outcome.ts";
import {
  directoryTarget,
  maxDirectoryBytes,
  readDirectory,
  relayItself,
} from "../../tunnel/directory.ts";
import {
  type CancelReason,
  fromFieldText,
  type HeadFields,
  type RequestHead,
  toFieldText,
} from "../../tunnel/frames.ts";
import type { Exchange, ExchangeListener, Streams } from "../../tunnel/streams.ts";
import { askWhole, serveWhole } from "../../tunnel/whole.ts";

/** What a nara reads of a question: as much as the relay lets through (src/relay/mesh/limits.ts). */
const maxQuestionBytes = 4 * 1024 * 1024;
/** As every question over the mesh (docs/protocol/mesh-runtime-checkpoints.md §1). */
const hintsWithinMs = 5000;

/** @param streams undefined while there is no tunnel. */
export const sendThrough =
  (streams: () => Streams | undefined): MeshSend =>
  async (baseUrl, request, bounds) => {
    const open = streams();
    if (open === undefined) {
      return refuse({ type: "unreachable", why: "there is no way to the relay" });
    }
    const authority = baseUrl.replace(/^http:\/\//, "");
    const answered = await askWhole(open, headOf(request, authority), request.body, {
      timeoutMs: bounds.deadlineMs,
      maxBytes: bounds.maxBodyBytes,
    });
    if (!answered.ok) return refuse(failureOf(answered.refusal));
    const { head, body } = answered.value;
    return accept({ status: head.status, headers: toHeaders(head.fields), body });
  };

/** Asks the relay itself who is there; an older one leads nowhere, and so knows nobody. */
export const hintsThrough =
  (streams: () => Streams | undefined): MeshHints =>
  async (name) => {
    const open = streams();
    if (open === undefined) return [];
    const target = directoryTarget(name);
    const head: RequestHead = { method: "GET", authority: relayItself, target, fields: [] };
    const bounds = { timeoutMs: hintsWithinMs, maxBytes: maxDirectoryBytes };
    const answered = await askWhole(open, head, new Uint8Array(), bounds);
    if (!answered.ok || answered.value.head.status !== 200) return [];
    return readDirectory(fromUtf8(answered.value.body));
  };

/** Has a handler answer what comes through a tunnel; without one the exchange fails. */
export function serveWith(
  handler: MeshHandler | undefined,
  head: RequestHead,
  exchange: Exchange,
): ExchangeListener {
  if (handler === undefined) exchange.cancel("failed");
  return serveWhole(exchange, maxQuestionBytes, async (body) => {
    const { method, target } = head;
    const headers = toHeaders(head.fields);
    const answer = await (handler ?? nobody)({ method, target, headers, body });
    const fields: HeadFields = [
      ...fieldsOf(answer.headers).filter(([name]) => name !== "content-length"),
      ["content-length", String(answer.body.length)],
    ];
    return { head: { status: answer.status, fields }, body: answer.body };
  });
}

const nobody: MeshHandler = async () => ({
  status: 503,
  headers: new Map(),
  body: new Uint8Array(),
});

const headOf = (request: MeshRequest, authority: string): RequestHead => ({
  method: request.method,
  authority,
  target: request.target,
  fields: [...fieldsOf(request.headers), ...lengthOf(request)],
});

/** Whom the relay asks over HTTP hears how long a question is, as from any other client. */
const lengthOf = ({ method, headers, body }: MeshRequest): HeadFields =>
  headers.has("content-length") || (method === "GET" && body.length === 0)
    ? []
    : [["content-length", String(body.length)]];

const fieldsOf = (headers: ReadonlyMap<string, string>): HeadFields =>
  [...headers].map(([name, value]) => [name, toFieldText(value)] as const);

const toHeaders = (fields: HeadFields): ReadonlyMap<string, string> =>
  new Map(fields.map(([name, value]) => [name, fromFieldText(value)]));

function failureOf(reason: CancelReason) {
  switch (reason) {
    case "deadline":
      return { type: "timeout", why: "no answer in time" } as const;
    case "too large":
      return { type: "too_large", why: "the answer is too large" } as const;
    case "forbidden":
      return { type: "unreachable", why: "the relay does not lead there" } as const;
    case "busy":
      return { type: "unreachable", why: "too many questions at once" } as const;
    default:
      return { type: "unreachable", why: "the connection broke" } as const;
  }
}
