/** The relay's end of all tunnels: what each is good for, and when it ends. (docs/server.md, The mesh) */
import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import type { MeshHint } from "../../nara/mesh/http.ts";
import type { Clock, Crypto, Log, Random } from "../../nara/ports.ts";
import { welcomeText } from "../../tunnel/handshake.ts";
import { createStreams, type StreamLimits, type Streams, type Wire } from "../../tunnel/streams.ts";
import type { Bus, Hold } from "../bus/bus.ts";
import { oneLine } from "../tell.ts";
import { createTokenBucket, type TokenBucket } from "../token-bucket.ts";
import { closeCode } from "../visitor.ts";
import type { Addresses } from "./addresses.ts";
import { type Addressing, createAddresses } from "./addressing.ts";
import type { Announcements } from "./announcements.ts";
import { createBudgets } from "./budgets.ts";
import { createDirectory, type Known } from "./directory.ts";
import { createEgress, type Egress } from "./egress.ts";
import type { EgressList } from "./egress-list.ts";
import { hangUp } from "./hang-up.ts";
import {
  drainMs,
  type EgressLimits,
  egressLimits,
  findableMs,
  type MeshLimits,
  maxNames,
  maxSources,
  meshLimits,
  newNames,
} from "./limits.ts";
import { createLodger, type LodgerMesh, lodgerLimits } from "./lodger.ts";
import { createMetrics } from "./metrics.ts";
import { createNames } from "./names.ts";
import type { Addressee } from "./question.ts";
import { type Resolve, resolveHost } from "./resolve.ts";
import { createRoutes } from "./routes.ts";
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
  readonly announcements?: Omit<Announcements, "stop"> | undefined;
  readonly allowEgress?: EgressList | undefined;
  /** This machine's own unless given. */
  readonly resolve?: Resolve | undefined;
  readonly egressLimits?: EgressLimits | undefined;
  /** The way to other relays; undefined: this one is alone. */
  readonly bus?: Bus | undefined;
  readonly limits?: MeshLimits | undefined;
  readonly streamLimits?: StreamLimits | undefined;
}

export interface RelayMesh {
  /** A WebSocket at `/tunnel`. */
  admit(socket: WebSocket, request: IncomingMessage): void;
  /** The mesh of a nara that lives in this process; its address comes soon (`onChange`). */
  lodge(resident: { readonly name: string; readonly publicKey: Uint8Array }): LodgerMesh;
  /** Prometheus' text format. */
  metrics(): string;
  /** Lets exchanges end, says goodbye, closes. */
  stop(): Promise<void>;
}

interface Tunnel {
  readonly streams: Streams;
  /** The other end learns its address. */
  welcomeAt(address: string): void;
  /** "" until then. */
  address(): string;
  /** Ends it. */
  close(code: number, reason: string): void;
}

/** Why somebody with a key does not get in. */
interface NotIn {
  readonly code: number;
  readonly counted: string;
  readonly reason: string;
}

export function createRelayMesh(parts: RelayMeshParts): RelayMesh {
  const { clock, log, bus } = parts;
  const limits = parts.limits ?? meshLimits;
  const nowMs = (): number => clock.monotonicMs();
  const tunnels = new Map<string, Tunnel>();
  const metrics = createMetrics();
  const holds = new Map<Tunnel, readonly Hold[]>();
  /** Those tunnels that lead to residents. */
  const lodgers = new Set<Tunnel>();
  const isHere = (name: string): boolean => tunnels.has(name);
  const names = createNames(nowMs, isHere, (name) => bus?.forget(name));
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
  const budgetOf = (name: string): TokenBucket => ({
    take: (amount) => questions.of(name).take(amount),
  });
  const addresseeOf = (name: string): Addressee => ({
    name,
    way: () => tunnels.get(name)?.streams,
    budget: budgetOf(name),
  });
  const addresses: Addresses = createAddresses({
    ...parts,
    limits,
    metrics,
    names,
    findElsewhere: (name) => bus && { name, way: () => bus.towards(name), budget: budgetOf(name) },
  });
  const tell = (text: string): void => log({ level: "info", service: "mesh", text: oneLine(text) });

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

  const listed = (name: string, tunnel: Tunnel | undefined): MeshHint | undefined => {
    const [meshIp, publicKey] = [tunnel?.address() ?? "", names.keyOf(name)];
    return meshIp === "" || publicKey === undefined ? undefined : { name, publicKey, meshIp };
  };
  const ours: Known = {
    *all() {
      for (const [name, tunnel] of tunnels) {
        const one = listed(name, tunnel);
        if (one !== undefined) yield one;
      }
    },
    named: (name) => listed(name, tunnels.get(name)),
  };
  const directory = createDirectory({
    nowMs,
    metrics,
    random: parts.random,
    known: parts.announcements === undefined ? [ours] : [ours, parts.announcements],
  });

  const routes = createRoutes({ nowMs, metrics, find: addresses.find, bus, goOut, directory });

  /** The relay's end, over whatever wire; `hangUp` ends what is not yet a tunnel. */
  const openEnd = (
    name: string,
    wire: Omit<Wire, "close"> & { hangUp(code: number, reason: string): void },
    sayWelcome: (address: string) => void,
    bounds = parts.streamLimits,
  ): Tunnel => {
    let code: number = closeCode.policy;
    let isDismissed = false;
    let givenAddress = "";
    const streams = createStreams({
      side: "relay",
      clock,
      limits: bounds,
      wire: { ...wire, close: (reason) => wire.hangUp(code, reason) },
      serve: (head, exchange) => routes.from(name, head, exchange),
      onClosed: (reason, by) => {
        if (by === "us" && !isDismissed) metrics.refuse(reason);
        tell(`${name}'s tunnel ended: ${reason}`);
        for (const hold of holds.get(tunnel) ?? []) hold.release();
        holds.delete(tunnel);
        if (tunnels.get(name) !== tunnel) return;
        tunnels.delete(name);
        lodgers.delete(tunnel);
        names.leave(name);
        addresses.leave(name);
      },
    });
    const tunnel: Tunnel = {
      streams,
      welcomeAt: (address) => {
        givenAddress = address;
        sayWelcome(address);
      },
      address: () => givenAddress,
      close: (as, reason) => {
        code = as;
        isDismissed = true;
        if (givenAddress !== "") return streams.close(reason);
        // There are no frames yet, so no goodbye in one.
        wire.hangUp(code, reason);
        streams.lost(reason);
      },
    };
    return tunnel;
  };

  /** Undefined when the socket has closed meanwhile. */
  const openTunnel = (name: string, socket: WebSocket): Tunnel | undefined => {
    if (socket.readyState !== socket.OPEN) return undefined;
    const frames = createTokenBucket(limits.framesPerSecond, limits.frameBurst, nowMs);
    const tunnel = openEnd(
      name,
      {
        send: (frame) => socket.send(frame),
        unsentBytes: () => socket.bufferedAmount,
        hangUp: (code, reason) => hangUp(socket, code, reason),
      },
      (address) => socket.send(welcomeText({ address })),
    );
    const { streams } = tunnel;
    socket.on("message", (data: Buffer, binary: boolean) => {
      if (!binary) return streams.close("text in a tunnel");
      if (!frames.take(1)) return streams.close("too many frames");
      streams.receive(data);
    });
    socket.once("close", () => streams.lost("the connection ended"));
    return tunnel;
  };

  /** Whether a key may have a name, here and at other relays. */
  const claim = async (name: string, key: string): Promise<NotIn | undefined> => {
    const isNew = names.isNew(name);
    const claimed = names.claim(name, key);
    if (claimed === "no room") return later("no room for another name");
    const theirs = { ...later("name of another key"), code: closeCode.policy };
    const reason = `the name ${name} belongs to another key here`;
    if (claimed === "another's") return { ...theirs, reason };
    const elsewhere = await bus?.claim(name, key, () =>
      tunnels.get(name)?.close(closeCode.policy, "opened again elsewhere"),
    );
    if (elsewhere === undefined || elsewhere.ok) return undefined;
    if (isNew) names.forget(name);
    return elsewhere.refusal === "taken"
      ? { ...theirs, reason }
      : later("the other relays cannot be asked");
  };

  /** From a proven key to a nara with an address. Answers that cross are settled by who came last. */
  const enter = async (
    name: string,
    key: string,
    open: () => Tunnel | undefined,
  ): Promise<NotIn | undefined> => {
    const notIn = await claim(name, key);
    if (notIn !== undefined) return notIn;
    tunnels.get(name)?.close(closeCode.policy, "opened again elsewhere");
    const tunnel = open();
    if (tunnel === undefined) return undefined;
    tunnels.set(name, tunnel);
    const address = await addresses.take(addresseeOf(name));
    const isLast = (): boolean => tunnels.get(name) === tunnel;
    if (isLast() && address.ok && bus !== undefined) await makeFindable(bus, name, tunnel);
    if (!isLast()) {
      if (!tunnels.has(name)) addresses.leave(name);
      return undefined;
    }
    if (address.ok) {
      tunnel.welcomeAt(address.value);
      tell(`${name} is at ${address.value}`);
      return undefined;
    }
    metrics.refuse("no free address");
    const { why, retry } = address.refusal;
    tunnel.close(retry ? closeCode.tryLater : closeCode.policy, why);
    return undefined;
  };

  /** Other relays find it by name and by address before the nara hears that it has one. */
  const makeFindable = async (bus: Bus, name: string, tunnel: Tunnel): Promise<void> => {
    const made = [name, ...addresses.authoritiesOf(name)].map((whom) =>
      bus.hold(whom, (head, exchange) => routes.to(addresseeOf(name), head, exchange)),
    );
    holds.set(tunnel, made);
    const patience = new Promise<void>((resolve) => clock.after(findableMs, resolve));
    await Promise.race([Promise.all(made.map(({ ready }) => ready)), patience]);
  };

  const welcome = async ({ name, key, source, socket }: Proven): Promise<void> => {
    const turnAway = ({ code, counted, reason }: NotIn) => {
      metrics.refuse(counted);
      hangUp(socket, code, reason);
    };
    if (names.isNew(name) && !newNamesFrom.of(source).take(1)) {
      return turnAway(later("too many new names"));
    }
    const notIn = await enter(name, key, () => openTunnel(name, socket));
    if (notIn !== undefined) turnAway(notIn);
  };

  const lodge: RelayMesh["lodge"] = ({ name, publicKey }) => {
    const streamLimits = lodgerLimits(parts.streamLimits);
    const lodger = createLodger(clock, streamLimits);
    const open = (): Tunnel => {
      const wire = lodger.wireTo(() => tunnel.streams);
      const tunnel = openEnd(
        name,
        { ...wire, hangUp: (_code, reason) => wire.close(reason) },
        (address) => {
          lodgers.add(tunnel);
          lodger.settle(address, "");
        },
        streamLimits,
      );
      return tunnel;
    };
    void enter(name, Buffer.from(publicKey).toString("base64"), open).then((notIn) => {
      if (notIn !== undefined) lodger.settle("", notIn.reason);
    });
    return lodger.mesh;
  };

  const door = createTunnelDoor({
    ...parts,
    limits,
    metrics,
    hosts: [
      parts.host,
      ...(parts.meshHost === undefined ? [] : [hostOnly(parts.meshHost)]),
      ...(parts.addressing.mode === "hosts" ? [parts.addressing.domain] : []),
    ],
    onProven: (proven) => void welcome(proven),
  });

  const sumOf = (read: (streams: Streams) => number): number =>
    [...tunnels.values()].reduce((sum, { streams }) => sum + read(streams), 0);
  const openExchanges = (): number => sumOf((streams) => streams.count());

  return {
    admit: door.admit,
    lodge,
    metrics: () =>
      metrics.text({
        tunnels: tunnels.size - lodgers.size,
        residents: lodgers.size,
        streams: openExchanges(),
        held_bytes: sumOf((streams) => streams.heldBytes()),
        addresses: addresses.count(),
        announcements: parts.announcements?.count() ?? 0,
        plaza_heard: parts.announcements?.isHearing() === true ? 1 : 0,
        names: names.count(),
        bus_exchanges: bus?.count() ?? 0,
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

const later = (reason: string): NotIn => ({ code: closeCode.tryLater, counted: reason, reason });
