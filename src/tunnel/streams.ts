/**
 * Many HTTP exchanges at once through one tunnel, opened by either end (docs/tunnel.md §4). Both
 * ends use this. What is sent never exceeds what the other end granted, for each exchange and for
 * the tunnel; what waits here is bounded by what we granted. Whoever breaks the rules loses the
 * tunnel, with a reason; an exchange that goes wrong alone is cancelled alone.
 */
import type { Cancel, Clock } from "../nara/ports.ts";
import {
  type CancelReason,
  decodeFrame,
  encodeFrame,
  type Frame,
  faultOfHead,
  maxBodyChunkBytes,
  type RequestHead,
  type ResponseHead,
} from "./frames.ts";

export interface StreamLimits {
  /** Body bytes of one exchange that may wait at its reader. */
  readonly streamWindowBytes: number;
  /** Body bytes of all exchanges together that may wait at their readers. */
  readonly tunnelWindowBytes: number;
  /** Exchanges that the other end may have open. */
  readonly maxStreams: number;
  /** A whole exchange, from its first byte to its last. */
  readonly exchangeTimeoutMs: number;
  /** After so long without a frame we ask whether somebody is there. */
  readonly pingEveryMs: number;
  /** After so long without a frame nobody is there. */
  readonly silenceMs: number;
  /** Bytes given to the socket that it has not sent; windows alone keep an honest end below. */
  readonly maxUnsentBytes: number;
}

/** Both ends grant the same windows from the start (docs/tunnel.md §4). */
export const streamLimits: StreamLimits = {
  streamWindowBytes: 256 * 1024,
  tunnelWindowBytes: 512 * 1024,
  maxStreams: 64,
  exchangeTimeoutMs: 60_000,
  pingEveryMs: 15_000,
  silenceMs: 40_000,
  maxUnsentBytes: 2 * 1024 * 1024,
};

/** The socket below. */
export interface Wire {
  send(frame: Uint8Array): void;
  /** Bytes that it was given and has not sent. */
  unsentBytes(): number;
  /** Ends it; `reason` is for a person. */
  close(reason: string): void;
}

/** This end's hold on an exchange. Calls after its end do nothing. */
export interface Exchange {
  /** Begins the answer; for the end that serves. False when such a head cannot travel. */
  respond(head: ResponseHead): boolean;
  /** Sends body bytes. False: no room for more now, wait for `onRoom`. */
  write(bytes: Uint8Array): boolean;
  /** This side's body is complete. */
  end(): void;
  /** The other end hears why; our own listener does not. */
  cancel(reason: CancelReason): void;
  /** So many bytes of `onBody` are out of memory: the other end may send as many more. */
  consumed(bytes: number): void;
}

/** What an exchange tells this end. */
export interface ExchangeListener {
  /** The answer begins; for the end that asked. */
  onHead?(head: ResponseHead): void;
  onBody(bytes: Uint8Array): void;
  /** The other side's body is complete. */
  onEnd(): void;
  /** What waited is sent; also where nothing is to come after it. */
  onRoom(): void;
  /** It ended before its time; nothing is called after it. */
  onCancel(reason: CancelReason): void;
}

export interface StreamsParts {
  /** Whose numbers we take for exchanges that we open: naras odd ones, relays even ones. */
  readonly side: "nara" | "relay";
  readonly clock: Clock;
  readonly wire: Wire;
  readonly limits?: StreamLimits | undefined;
  /** The other end asks. */
  serve(head: RequestHead, exchange: Exchange): ExchangeListener;
  /** Once. All exchanges have been cancelled before. The reason is this end's, or the other's words. */
  onClosed(reason: string, by: "us" | "them"): void;
}

export interface Streams {
  /** One binary message from the socket. */
  receive(bytes: Uint8Array): void;
  /** Undefined when the head cannot travel or the tunnel is closed. */
  open(
    head: RequestHead,
    listener: ExchangeListener,
    options?: { readonly timeoutMs?: number },
  ): Exchange | undefined;
  /** Exchanges that are open, whoever opened them. */
  count(): number;
  /** Body bytes received and not consumed. */
  heldBytes(): number;
  /** Says goodbye and ends the tunnel. */
  close(reason: string): void;
  /** The socket has ended. */
  lost(reason: string): void;
}

interface Stream {
  readonly id: number;
  readonly ours: boolean;
  readonly stopTimer: Cancel;
  listener: ExchangeListener | undefined;
  /** What we may still send. */
  sendLeft: number;
  /** What waits to be sent. */
  readonly waiting: Uint8Array[];
  ending: boolean;
  sendEnded: boolean;
  /** What the other end may still send. */
  receiveLeft: number;
  /** Received, and not consumed. */
  held: number;
  /** Consumed, and not granted anew. */
  owed: number;
  headSeen: boolean;
  receiveEnded: boolean;
}

export function createStreams(parts: StreamsParts): Streams {
  const { clock, wire } = parts;
  const limits = parts.limits ?? streamLimits;
  const ourParity = parts.side === "nara" ? 1 : 0;
  const streams = new Map<number, Stream>();
  let lastOurs = parts.side === "nara" ? -1 : 0;
  let lastTheirs = 0;
  let theirsOpen = 0;
  let sendLeft = limits.tunnelWindowBytes;
  let receiveLeft = limits.tunnelWindowBytes;
  let owed = 0;
  let heardAtMs = clock.monotonicMs();
  let closed = false;
  let stopPings: Cancel = () => {};

  const end = (reason: string, by: "us" | "them"): void => {
    if (closed) return;
    closed = true;
    stopPings();
    for (const stream of [...streams.values()]) {
      forget(stream);
      stream.listener?.onCancel("gone");
    }
    parts.onClosed(reason, by);
  };
  const put = (frame: Frame): boolean => {
    const bytes = encodeFrame(frame);
    if (bytes === undefined || closed) return false;
    wire.send(bytes);
    if (wire.unsentBytes() > limits.maxUnsentBytes) {
      wire.close("too slow a reader");
      end("too slow a reader", "us");
      return false;
    }
    return true;
  };
  const close = (reason: string) => {
    if (closed) return;
    put({ type: "goodbye", stream: 0, reason });
    wire.close(reason);
    end(reason, "us");
  };

  const grantTunnel = (bytes: number): void => {
    owed += bytes;
    if (owed * 2 < limits.tunnelWindowBytes || closed) return;
    const granted = owed;
    owed = 0;
    receiveLeft += granted;
    put({ type: "window", stream: 0, bytes: granted });
  };
  const forget = (stream: Stream): void => {
    if (!streams.delete(stream.id)) return;
    if (!stream.ours) theirsOpen -= 1;
    stream.stopTimer();
    stream.waiting.length = 0;
    grantTunnel(stream.held);
    stream.held = 0;
  };
  const forgetWhenDone = (stream: Stream): void => {
    if (stream.sendEnded && stream.receiveEnded && stream.held === 0) forget(stream);
  };
  const isOpen = (stream: Stream): boolean => streams.get(stream.id) === stream;

  /** Sends one piece of what waits; whether it did. */
  const sendPiece = (stream: Stream): boolean => {
    const [first] = stream.waiting;
    const room = Math.min(stream.sendLeft, sendLeft, maxBodyChunkBytes);
    if (first === undefined || room === 0 || closed) return false;
    const piece = first.subarray(0, room);
    if (piece.length === first.length) stream.waiting.shift();
    else stream.waiting[0] = first.subarray(room);
    stream.sendLeft -= piece.length;
    sendLeft -= piece.length;
    return put({ type: "body", stream: stream.id, bytes: piece });
  };
  const settle = (stream: Stream): void => {
    if (!isOpen(stream) || stream.waiting.length > 0) return;
    if (stream.ending && !stream.sendEnded) {
      stream.sendEnded = true;
      put({ type: "end", stream: stream.id });
      forgetWhenDone(stream);
    }
  };
  const flush = (stream: Stream): void => {
    const waited = stream.waiting.length > 0;
    while (sendPiece(stream));
    if (waited && stream.waiting.length === 0) stream.listener?.onRoom();
    settle(stream);
  };
  /** In turns, so that a long body does not take all the room that the tunnel was granted. */
  const flushAll = (): void => {
    const waiting = [...streams.values()].filter((stream) => stream.waiting.length > 0);
    let sent = true;
    while (sent) {
      sent = false;
      for (const stream of waiting) sent = sendPiece(stream) || sent;
    }
    for (const stream of waiting) {
      if (stream.waiting.length === 0 && isOpen(stream)) stream.listener?.onRoom();
      settle(stream);
    }
  };

  const begin = (id: number, ours: boolean, timeoutMs: number): Stream => {
    const stream: Stream = {
      id,
      ours,
      stopTimer: clock.after(timeoutMs, () => {
        cancel(stream, "deadline");
        stream.listener?.onCancel("deadline");
      }),
      listener: undefined,
      sendLeft: limits.streamWindowBytes,
      waiting: [],
      ending: false,
      sendEnded: false,
      receiveLeft: limits.streamWindowBytes,
      held: 0,
      owed: 0,
      headSeen: false,
      receiveEnded: false,
    };
    streams.set(id, stream);
    if (!ours) theirsOpen += 1;
    return stream;
  };
  const cancel = (stream: Stream, reason: CancelReason): void => {
    if (!isOpen(stream)) return;
    forget(stream);
    put({ type: "cancel", stream: stream.id, reason });
  };
  const exchangeOf = (stream: Stream): Exchange => ({
    respond: (head) => {
      if (stream.ours || stream.headSeen || !isOpen(stream)) return false;
      stream.headSeen = put({ type: "response", stream: stream.id, head });
      return stream.headSeen;
    },
    write: (bytes) => {
      if (!isOpen(stream) || stream.ending) return true;
      if (bytes.length > 0) stream.waiting.push(bytes);
      while (sendPiece(stream));
      return stream.waiting.length === 0;
    },
    end: () => {
      if (!isOpen(stream)) return;
      stream.ending = true;
      settle(stream);
    },
    cancel: (reason) => cancel(stream, reason),
    consumed: (bytes) => {
      if (!isOpen(stream)) return;
      const freed = Math.min(bytes, stream.held);
      stream.held -= freed;
      stream.owed += freed;
      if (stream.owed * 2 >= limits.streamWindowBytes && !stream.receiveEnded) {
        const granted = stream.owed;
        stream.owed = 0;
        stream.receiveLeft += granted;
        put({ type: "window", stream: stream.id, bytes: granted });
      }
      grantTunnel(freed);
      forgetWhenDone(stream);
    },
  });

  const wasOpened = (id: number): boolean =>
    id % 2 === ourParity ? id <= lastOurs : id <= lastTheirs;

  const onRequest = (id: number, head: RequestHead) => {
    if (id % 2 === ourParity || id <= lastTheirs) return close("an exchange numbered wrong");
    lastTheirs = id;
    if (theirsOpen >= limits.maxStreams) {
      put({ type: "cancel", stream: id, reason: "busy" });
      return;
    }
    const stream = begin(id, false, limits.exchangeTimeoutMs);
    stream.listener = parts.serve(head, exchangeOf(stream));
  };
  const onBody = (id: number, bytes: Uint8Array) => {
    receiveLeft -= bytes.length;
    if (receiveLeft < 0) return close("more than the tunnel was granted");
    const stream = streams.get(id);
    // It was cancelled here while these bytes were on their way.
    if (stream === undefined) return grantTunnel(bytes.length);
    stream.receiveLeft -= bytes.length;
    if (stream.receiveLeft < 0) return close("more than an exchange was granted");
    stream.held += bytes.length;
    stream.listener?.onBody(bytes);
  };
  const onEnd = (stream: Stream): void => {
    stream.receiveEnded = true;
    stream.listener?.onEnd();
    if (stream.ours && !stream.sendEnded && isOpen(stream)) {
      // An answer before the whole question was heard: the rest of it interests nobody.
      stream.sendEnded = true;
      stream.ending = true;
      stream.waiting.length = 0;
      put({ type: "cancel", stream: stream.id, reason: "gone" });
    }
    forgetWhenDone(stream);
  };
  const onWindow = (id: number, bytes: number) => {
    if (id === 0) {
      sendLeft += bytes;
      if (sendLeft > limits.tunnelWindowBytes) return close("a window that was never used");
      return flushAll();
    }
    const stream = streams.get(id);
    if (stream === undefined) return;
    stream.sendLeft += bytes;
    if (stream.sendLeft > limits.streamWindowBytes) return close("a window that was never used");
    flush(stream);
  };

  const receive = (bytes: Uint8Array) => {
    if (closed) return;
    heardAtMs = clock.monotonicMs();
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) return close(decoded.refusal);
    const frame = decoded.value;
    if (frame.type === "request") return onRequest(frame.stream, frame.head);
    if (frame.type === "ping") return void put({ ...frame, type: "pong" });
    if (frame.type === "pong") return;
    if (frame.type === "goodbye") {
      wire.close(frame.reason);
      return end(frame.reason, "them");
    }
    if (frame.stream !== 0 && !wasOpened(frame.stream)) return close("an unknown exchange");
    const stream = streams.get(frame.stream);
    const headFirst = stream?.ours === true && !stream.headSeen;
    switch (frame.type) {
      case "response":
        if (stream === undefined) return;
        if (!headFirst) return close("an answer that nobody waits for");
        stream.headSeen = true;
        return stream.listener?.onHead?.(frame.head);
      case "body":
        if (headFirst || stream?.receiveEnded) return close("a body at the wrong time");
        return onBody(frame.stream, frame.bytes);
      case "end":
        if (stream === undefined) return;
        if (headFirst || stream.receiveEnded) return close("an end at the wrong time");
        return onEnd(stream);
      case "cancel":
        if (stream === undefined) return;
        forget(stream);
        return stream.listener?.onCancel(frame.reason);
      case "window":
        return onWindow(frame.stream, frame.bytes);
    }
  };

  const watch = (): void => {
    stopPings = clock.after(limits.pingEveryMs, () => {
      const silentMs = clock.monotonicMs() - heardAtMs;
      if (silentMs >= limits.silenceMs) return close("nothing was heard any more");
      if (silentMs >= limits.pingEveryMs) put({ type: "ping", stream: 0, token: 0 });
      if (!closed) watch();
    });
  };
  watch();

  return {
    receive,
    open: (head, listener, options = {}) => {
      if (closed || lastOurs > 2 ** 32 - 3 || faultOfHead(head) !== undefined) return undefined;
      lastOurs += 2;
      const stream = begin(lastOurs, true, options.timeoutMs ?? limits.exchangeTimeoutMs);
      stream.listener = listener;
      put({ type: "request", stream: stream.id, head });
      return closed ? undefined : exchangeOf(stream);
    },
    count: () => streams.size,
    heldBytes: () => limits.tunnelWindowBytes - receiveLeft - owed,
    close,
    lost: (reason) => end(reason, "them"),
  };
}
