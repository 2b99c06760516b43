/**
 * The plaza inside the server: aedes behind a gate. What aedes cannot bound by itself (bytes, rates,
 * topics, slow readers) the gate and the visit bound before it (docs/decisions/embedded-plaza.md).
 */
import type { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import { Aedes } from "aedes";
import type { Log } from "../nara/ports.ts";
import {
  type CrowdLimits,
  maxBrokerRestartsPerMinute,
  type VisitorLimits,
  visitorLimits,
} from "./limits.ts";
import { createPlazaDoor, type PlazaDoor } from "./plaza-door.ts";
import { createStreamPair } from "./stream-pair.ts";
import type { BrokerSide } from "./visit.ts";
import { closeCode, type Goodbye } from "./visitor.ts";

export interface EmbeddedPlaza extends Pick<PlazaDoor, "admit" | "count"> {
  /** A connection for a nara of this process. Not gated: we trust ourselves. */
  openStream(): Duplex;
  /**
   * Replaces a broken broker; everyone is cut off and may come back at once. Refuses, with false,
   * when that happened too often.
   */
  restart(why: string): boolean;
  stop(): Promise<void>;
}

export interface EmbeddedPlazaParts {
  readonly log: Log;
  readonly limits?: VisitorLimits | undefined;
  readonly crowd?: CrowdLimits | undefined;
}

export async function startEmbeddedPlaza(parts: EmbeddedPlazaParts): Promise<EmbeddedPlaza> {
  const limits = parts.limits ?? visitorLimits;
  const goodbyes = new WeakMap<Duplex, Goodbye>();
  const byName = new Map<string, Duplex>();
  const streams = new Set<Duplex>();
  let restarts: number[] = [];
  let broker: Promise<Aedes>;

  const startBroker = async (): Promise<Aedes> => {
    const aedes = await Aedes.createBroker({
      // Zero: nothing waits in a queue of aedes's own. Its unwinding in one stack is what
      // overflows, and a queue shared by all lets one slow reader hold up everyone.
      concurrency: 0,
      connectTimeout: limits.firstPacketTimeoutMs,
      drainTimeout: 5_000,
      maxTopicLevels: 8,
      maxClientsIdLength: 256,
    });
    const events: EventEmitter = aedes;
    events.on("error", (error: Error) => restart(error.message));
    return aedes;
  };

  const openStream = (): Duplex => {
    const [ours, theirs] = createStreamPair();
    streams.add(ours);
    ours.once("close", () => streams.delete(ours));
    void broker.then((aedes) => aedes.handle(theirs));
    return ours;
  };

  const openBroker = (clientId: string): BrokerSide => {
    const earlier = byName.get(clientId);
    if (earlier !== undefined) {
      goodbyes.set(earlier, {
        code: closeCode.policy,
        reason: "another connection took this name",
      });
    }
    const stream = openStream();
    byName.set(clientId, stream);
    stream.once("close", () => {
      if (byName.get(clientId) === stream) byName.delete(clientId);
    });
    return {
      stream,
      farewell: () => ({
        goodbye: goodbyes.get(stream) ?? { code: closeCode.normal, reason: "" },
      }),
    };
  };

  const restart = (why: string): boolean => {
    const now = performance.now();
    restarts = [...restarts.filter((atMs) => now - atMs < 60_000), now];
    if (restarts.length > maxBrokerRestartsPerMinute) return false;
    parts.log({ level: "error", service: "plaza", text: `the plaza broke and restarts: ${why}` });
    const old = broker;
    broker = startBroker();
    for (const stream of streams) {
      goodbyes.set(stream, { code: closeCode.restart, reason: "the plaza restarts" });
      stream.destroy();
    }
    void old.then((aedes) => aedes.close());
    return true;
  };

  broker = startBroker();
  await broker;
  const door = createPlazaDoor({
    credentials: {},
    slowReader: "cut",
    log: parts.log,
    limits,
    crowd: parts.crowd,
    openBroker,
  });

  return {
    admit: door.admit,
    count: door.count,
    openStream,
    restart,
    stop: async () => {
      door.shut({ code: closeCode.goingAway, reason: "the plaza's server is going away" });
      for (const stream of streams) stream.destroy();
      const aedes = await broker;
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    },
  };
}
