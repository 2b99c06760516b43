/** Exchanges whose bodies are read into memory whole: what a nara needs, at its end of a tunnel. */
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import type { CancelReason, RequestHead, ResponseHead } from "./frames.ts";
import type { Exchange, ExchangeListener, Streams } from "./streams.ts";

/** Collects a body; undefined once it is larger than allowed. */
export interface Collector {
  /** False: too large. */
  take(bytes: Uint8Array): boolean;
  body(): Uint8Array;
}

export function createCollector(maxBytes: number): Collector {
  const pieces: Uint8Array[] = [];
  let length = 0;
  return {
    take: (bytes) => {
      length += bytes.length;
      if (length > maxBytes) return false;
      pieces.push(bytes);
      return true;
    },
    body: () => {
      const body = new Uint8Array(length);
      let at = 0;
      for (const piece of pieces) {
        body.set(piece, at);
        at += piece.length;
      }
      return body;
    },
  };
}

export interface WholeResponse {
  readonly head: ResponseHead;
  readonly body: Uint8Array;
}

/** Asks, and waits for the whole answer. Never rejects. */
export function askWhole(
  streams: Pick<Streams, "open">,
  head: RequestHead,
  body: Uint8Array,
  bounds: { readonly timeoutMs: number; readonly maxBytes: number },
): Promise<Outcome<WholeResponse, CancelReason>> {
  return new Promise((resolve) => {
    const collector = createCollector(bounds.maxBytes);
    let answer: ResponseHead | undefined;
    const exchange = streams.open(
      head,
      {
        onHead: (heard) => {
          answer = heard;
        },
        onBody: (bytes) => {
          if (collector.take(bytes)) return exchange?.consumed(bytes.length);
          exchange?.cancel("too large");
          resolve(refuse("too large"));
        },
        onEnd: () => {
          resolve(
            answer === undefined
              ? refuse("failed")
              : accept({ head: answer, body: collector.body() }),
          );
        },
        onRoom: () => {},
        onCancel: (reason) => resolve(refuse(reason)),
      },
      bounds,
    );
    if (exchange === undefined) return resolve(refuse("unreachable"));
    exchange.write(body);
    exchange.end();
  });
}

/**
 * Reads the whole question, then answers.
 *
 * @param answer never rejects.
 */
export function serveWhole(
  exchange: Exchange,
  maxBytes: number,
  answer: (body: Uint8Array) => Promise<WholeResponse>,
): ExchangeListener {
  const collector = createCollector(maxBytes);
  return {
    onBody: (bytes) => {
      if (collector.take(bytes)) exchange.consumed(bytes.length);
      else exchange.cancel("too large");
    },
    onEnd: () => {
      void answer(collector.body()).then(({ head, body }) => {
        if (!exchange.respond(head)) return exchange.cancel("failed");
        exchange.write(body);
        exchange.end();
      });
    },
    onRoom: () => {},
    onCancel: () => {},
  };
}
