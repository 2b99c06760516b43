/** The tunnel of a nara that lives in this very process: the same exchanges without a socket. */
import { hintsThrough, sendThrough, serveWith } from "../../adapters/mesh/tunnel-exchanges.ts";
import { createListeners } from "../../nara/ledger/listeners.ts";
import type { MeshTransport } from "../../nara/mesh/http.ts";
import { createServing } from "../../nara/mesh/serving.ts";
import type { Clock } from "../../nara/ports.ts";
import {
  createStreams,
  type StreamLimits,
  type Streams,
  streamLimits,
  type Wire,
} from "../../tunnel/streams.ts";

/** The way to peers of a resident. */
export interface LodgerMesh extends MeshTransport {
  /** It has left: the name is anybody's after its time. */
  leave(): void;
}

export interface Lodger {
  readonly mesh: LodgerMesh;
  /** The nara's end; the relay's is what `wireTo` gives. */
  readonly streams: Streams;
  /** The relay's wire to this end. */
  wireTo(relaySide: () => Streams): Wire;
  settle(address: string, trouble: string): void;
}

/** No silence means that the other end is gone: it sleeps when we do, in the same process. */
export const lodgerLimits = (limits: StreamLimits = streamLimits): StreamLimits => ({
  ...limits,
  silenceMs: Number.POSITIVE_INFINITY,
});

/** @param limits see `lodgerLimits`. */
export function createLodger(clock: Clock, limits: StreamLimits): Lodger {
  const serving = createServing();
  let address = "";
  let trouble = "the relay has no address yet";
  const changes = createListeners<void>();
  let relaySide: () => Streams | undefined = () => undefined;
  const toRelay = createHand((frame) => relaySide()?.receive(frame));
  const streams = createStreams({
    side: "nara",
    clock,
    limits,
    wire: {
      send: toRelay,
      unsentBytes: () => 0,
      close: () => relaySide()?.lost("the nara has left"),
    },
    serve: (head, exchange) => serveWith(serving.handler(), head, exchange),
    onClosed: (reason) => settle("", reason),
  });
  const toNara = createHand(streams.receive);
  const settle = (nextAddress: string, nextTrouble: string): void => {
    address = nextAddress;
    trouble = nextTrouble;
    changes.tell();
  };
  const way = (): Streams | undefined => (address === "" ? undefined : streams);
  return {
    streams,
    settle,
    wireTo: (side) => {
      relaySide = side;
      return { send: toNara, unsentBytes: () => 0, close: (reason) => streams.lost(reason) };
    },
    mesh: {
      send: sendThrough(way),
      hints: hintsThrough(way),
      serve: serving.serve,
      address: () => address,
      trouble: () => trouble,
      onChange: changes.add,
      leave: () => streams.close("the nara has left"),
    },
  };
}

/** Hands frames over in their order, never while the sender is in the middle of something. */
function createHand(receive: (frame: Uint8Array) => void): (frame: Uint8Array) => void {
  let waiting: Uint8Array[] = [];
  return (frame) => {
    waiting.push(frame);
    if (waiting.length > 1) return;
    setImmediate(() => {
      const frames = waiting;
      waiting = [];
      for (const one of frames) receive(one);
    });
  };
}
