/** The relay's end of all tunnels: what each is good for, and when it ends. (docs/server.md, The mesh) */
import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import type { Clock, Crypto, Log, Random } from "../../nara/ports.ts";
import type { RequestHead } from "../../tunnel/frames.ts";
import { welcomeText } from "../../tunnel/handshake.ts";
import {
  createStreams,
  type Exchange,
  type ExchangeListener,
  type StreamLimits,
  type Streams,
} from "../../tunnel/streams.ts";
import { oneLine } from "../tell.ts";
import { createTokenBucket } from "../token-bucket.ts";
import { closeCode } from "../visitor.ts";
import type { Addresses } from "./addresses.ts";
import { type Addressing, createAddresses } from "./addressing.ts";
import type { Announcements } from "./announcements.ts";
import { createBudgets } from "./budgets.ts";
import { createEgress, type Egress } from "./egress.ts";
import type { EgressList } from "./egress-list.ts";
import { hangUp } from "./hang-up.ts";
import {
  drainMs,
  type EgressLimits,
  egressLimits,
  type MeshLimits,
  maxNames,
  maxSources,
  meshLimits,
  newNames,
} from "./limits.ts";
import { createMetrics } from "./metrics.ts";
import { createNames } from "./names.ts";
import { passOn } from "./neighbours.ts";
import { type Addressee, wayTo } from "./question.ts";
import { type Resolve, resolveHost } from "./resolve.ts";
import { createTunnelDoor, goingAway, hostOnly, type Proven } from "./tunnel-door.ts";

export interface RelayMeshParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly log: Log;
  /** Where ports listen. */
  readonly host: string;
  /** How others reach this machine; undefined: as it listens. */
  readonly meshHost: string | undefined;
  readonly addressing: Addressing;
  /** Where naras said they live; undefined: nobody listens. */
  readonly announcements?: Pick<Announcements, "has" | "touch" | "count" | "isHearing"> | undefined;
  readonly allowEgress?: EgressList | undefined;
  /** This machine's own unless given. */
  readonly resolve?: Resolve | undefined;
  readonly egressLimits?: EgressLimits | undefined;
  readonly limits?: MeshLimits | undefined;
  readonly streamLimits?: StreamLimits | undefined;
}

export interface RelayMesh {
  /** A WebSocket at `/tunnel`. */
  admit(socket: WebSocket, request: IncomingMessage): void;
  /** Prometheus' text format. */
  metrics(): string;
  /** Lets exchanges end, says goodbye, closes. */
  stop(): Promise<void>;
}

interface Tunnel {
  readonly streams: Streams;
  welcomeAt(address: string): void;
  /** Ends it. */
  close(code: number, reason: string): void;
}

export function createRelayMesh(parts: RelayMeshParts): RelayMesh {
  const { clock, log } = parts;
  const limits = parts.limits ?? meshLimits;
  const nowMs = (): number => clock.monotonicMs();
  const tunnels = new Map<string, Tunnel>();
  const metrics = createMetrics();
  const names = createNames(nowMs, (name) => tunnels.has(name));
  const questions = createBudgets({
    nowMs,
    fullAfterMs: (limits.requestBurst / limits.requestsPerSecond) * 1_000,
    most: maxNames,
    create: () => createTokenBucket(limits.requestsPerSecond, limits.requestBurst, nowMs),
  });
  const newNamesFrom = createBudgets({
    nowMs,
    fullAfterMs: (newNames.burst / newNames.perSecond) * 1_000,
    most: maxSources,
    create: () => createTokenBucket(newNames.perSecond, newNames.burst, nowMs),
  });
  const addresses: Addresses = createAddresses({
    ...parts,
    limits,
    metrics,
    names,
    findElsewhere: () => undefined,
  });
  const tell = (text: string): void => log({ level: "info", service: "mesh", text: oneLine(text) });

  const addresseeOf = (name: string): Addressee => ({
    name,
    way: () => tunnels.get(name)?.streams,
    budget: { take: (amount) => questions.of(name).take(amount) },
  });

  const goOut: Egress = createEgress({
    nowMs,
    metrics,
    limits: parts.egressLimits ?? egressLimits,
    allowed: parts.allowEgress ?? { authorities: [], ranges: [] },
    isAnnounced: (authority) => parts.announcements?.has(authority) ?? false,
    onReached: (authority) => parts.announcements?.touch(authority),
    resolve: parts.resolve ?? resolveHost,
    localAddressOf: addresses.localAddressOf,
  });

  /** What a nara asks, to where it leads: to another of ours in process, else out. */
  const route = (name: string, head: RequestHead, exchange: Exchange): ExchangeListener => {
    const there = addresses.find(head.authority.toLowerCase());
    if (there === undefined) return goOut(name, head, exchange);
    const way = wayTo(there);
    if (!way.ok) {
      metrics.refuse(way.refusal);
      exchange.cancel(way.refusal === "this nara is away" ? "unreachable" : "busy");
      return deaf;
    }
    const beganMs = nowMs();
    return passOn(head, exchange, way.value, () => {
      metrics.add("neighbour_requests", 1);
      metrics.observeMs(nowMs() - beganMs);
    });
  };

  const openTunnel = (name: string, socket: WebSocket): Tunnel => {
    const frames = createTokenBucket(limits.framesPerSecond, limits.frameBurst, nowMs);
    let ended = false;
    let code: number = closeCode.policy;
    let isDismissed = false;
    let isWelcome = false;
    const streams = createStreams({
      side: "relay",
      clock,
      limits: parts.streamLimits,
      wire: {
        send: (frame) => socket.send(frame),
        unsentBytes: () => socket.bufferedAmount,
        close: (reason) => hangUp(socket, code, reason),
      },
      serve: (head, exchange) => route(name, head, exchange),
      onClosed: (reason, by) => {
        ended = true;
        if (by === "us" && !isDismissed) metrics.refuse(reason);
        tell(`${name}'s tunnel ended: ${reason}`);
        if (tunnels.get(name) !== tunnel) return;
        tunnels.delete(name);
        names.leave(name);
        addresses.leave(name);
      },
    });
    const close = (as: number, reason: string) => {
      code = as;
      isDismissed = true;
      if (isWelcome) return streams.close(reason);
      // There are no frames yet, so no goodbye in one.
      hangUp(socket, code, reason);
      streams.lost(reason);
    };
    const welcomeAt = (address: string): void => {
      isWelcome = true;
      socket.send(welcomeText({ address }));
    };
    const tunnel: Tunnel = { streams, close, welcomeAt };
    socket.on("message", (data: Buffer, binary: boolean) => {
      if (ended) return;
      if (!binary) return streams.close("text in a tunnel");
      if (!frames.take(1)) return streams.close("too many frames");
      streams.receive(data);
    });
    socket.once("close", () => streams.lost("the connection ended"));
    return tunnel;
  };

  /** Answers that cross are settled by who came last. */
  const welcome = async ({ name, key, source, socket }: Proven): Promise<void> => {
    const turnAway = (code: number, counted: string, reason = counted) => {
      metrics.refuse(counted);
      hangUp(socket, code, reason);
    };
    if (names.isNew(name) && !newNamesFrom.of(source).take(1)) {
      return turnAway(closeCode.tryLater, "too many new names");
    }
    const claim = names.claim(name, key);
    if (claim === "another's") {
      const reason = `the name ${name} belongs to another key here`;
      return turnAway(closeCode.policy, "name of another key", reason);
    }
    if (claim === "no room") return turnAway(closeCode.tryLater, "no room for another name");
    tunnels.get(name)?.close(closeCode.policy, "opened again elsewhere");
    const tunnel = openTunnel(name, socket);
    tunnels.set(name, tunnel);
    const address = await addresses.take(addresseeOf(name));
    if (tunnels.get(name) !== tunnel) {
      if (!tunnels.has(name)) addresses.leave(name);
      return;
    }
    if (!address.ok) {
      metrics.refuse("no free address");
      const { why, retry } = address.refusal;
      return tunnel.close(retry ? closeCode.tryLater : closeCode.policy, why);
    }
    tunnel.welcomeAt(address.value);
    tell(`${name} is at ${address.value}`);
  };

  const door = createTunnelDoor({
    ...parts,
    limits,
    metrics,
    hosts: [parts.host, ...(parts.meshHost === undefined ? [] : [hostOnly(parts.meshHost)])],
    onProven: (proven) => void welcome(proven),
  });

  const sumOf = (read: (streams: Streams) => number): number =>
    [...tunnels.values()].reduce((sum, { streams }) => sum + read(streams), 0);
  const openExchanges = (): number => sumOf((streams) => streams.count());

  return {
    admit: door.admit,
    metrics: () =>
      metrics.text({
        tunnels: tunnels.size,
        streams: openExchanges(),
        held_bytes: sumOf((streams) => streams.heldBytes()),
        addresses: addresses.count(),
        announcements: parts.announcements?.count() ?? 0,
        plaza_heard: parts.announcements?.isHearing() === true ? 1 : 0,
        names: names.count(),
      }),
    stop: async () => {
      door.close();
      await addresses.stop();
      const deadlineMs = nowMs() + drainMs;
      while (openExchanges() > 0 && nowMs() < deadlineMs) {
        await new Promise<void>((resolve) => clock.after(20, resolve));
      }
      for (const tunnel of [...tunnels.values()]) tunnel.close(closeCode.goingAway, goingAway);
      door.shut();
      addresses.cutOff();
    },
  };
}

/** Hears the rest of a question that leads nowhere. */
const deaf: ExchangeListener = {
  onBody: () => {},
  onEnd: () => {},
  onRoom: () => {},
  onCancel: () => {},
};
