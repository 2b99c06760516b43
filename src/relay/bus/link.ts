/**
 * One exchange between two relays: a tunnel of its own for its short life, whose socket is a pair
 * of subjects. A message is its number in its direction (4 bytes, from 0) and one frame of
 * docs/tunnel.md §3. A broker may lose messages; a number that is not the next one tells, and ends
 * the exchange rather than leave a hole in a body.
 */
import type { Clock } from "../../nara/ports.ts";
import { type CancelReason, encodeFrame } from "../../tunnel/frames.ts";
import { createStreams, type Streams, type StreamsParts } from "../../tunnel/streams.ts";
import { busStreamLimits } from "./limits.ts";

export interface Link {
  readonly streams: Streams;
  receive(message: Uint8Array): void;
}

export interface LinkParts {
  readonly clock: Clock;
  /** Who asks numbers like a nara, who is asked like a relay. */
  readonly side: "nara" | "relay";
  send(message: Uint8Array): void;
  unsentBytes(): number;
  readonly serve: StreamsParts["serve"];
  onClosed(): void;
}

export function createLink(parts: LinkParts): Link {
  let sent = 0;
  let received = 0;
  const streams = createStreams({
    side: parts.side,
    clock: parts.clock,
    limits: busStreamLimits,
    wire: {
      send: (frame) => {
        parts.send(numbered(sent, frame));
        sent += 1;
      },
      unsentBytes: parts.unsentBytes,
      close: () => {},
    },
    serve: parts.serve,
    onClosed: parts.onClosed,
  });
  return {
    streams,
    receive: (message) => {
      if (numberOf(message) !== received) return streams.close("something was lost on the way");
      received += 1;
      streams.receive(message.subarray(4));
    },
  };
}

/** The number of a message; undefined when it is none. */
export function numberOf(message: Uint8Array): number | undefined {
  if (message.length < 4) return undefined;
  return new DataView(message.buffer, message.byteOffset).getUint32(0);
}

/** The only exchange of a link has the first number that a nara gives. */
const exchangeId = 1;

/** The first and last message to somebody who asks in vain. */
export function refusal(reason: CancelReason): Uint8Array {
  const frame = encodeFrame({ type: "cancel", stream: exchangeId, reason });
  return numbered(0, frame ?? new Uint8Array());
}

function numbered(number: number, frame: Uint8Array): Uint8Array {
  const message = new Uint8Array(4 + frame.length);
  new DataView(message.buffer).setUint32(0, number);
  message.set(frame, 4);
  return message;
}
