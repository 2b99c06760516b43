/** The relay's end of all tunnels: who may open one, what it is good for, when it ends. */
import type { IncomingMessage } from "node:http";
import { hostname, networkInterfaces } from "node:os";
import type { WebSocket } from "ws";
import { isNameWeAccept } from "../../nara/identity/names.ts";
import type { Clock, Crypto, Log, Random } from "../../nara/ports.ts";
import {
  type Challenge,
  challengeText,
  handshakeTimeoutMs,
  maxHandshakeBytes,
  readAnswer,
  welcomeText,
} from "../../tunnel/handshake.ts";
import { createStreams, type StreamLimits, type Streams } from "../../tunnel/streams.ts";
import { oneLine } from "../tell.ts";
import { createTokenBucket, type TokenBucket } from "../token-bucket.ts";
import { closeCode, createCrowd } from "../visitor.ts";
import { createAddresses, type PortRange } from "./addresses.ts";
import { createIngress } from "./ingress.ts";
import { drainMs, type MeshLimits, meshLimits } from "./limits.ts";
import { createMetrics } from "./metrics.ts";
import { createNames } from "./names.ts";
import { passOn } from "./neighbours.ts";

export interface RelayMeshParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly log: Log;
  /** Where ports listen. */
  readonly host: string;
  /** How others reach this machine; undefined: as it listens. */
  readonly meshHost: string | undefined;
  readonly ports: PortRange;
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
  readonly name: string;
  readonly streams: Streams;
}

export function createRelayMesh(parts: RelayMeshParts): RelayMesh {
  const { clock, log } = parts;
  const limits = parts.limits ?? meshLimits;
  const nowMs = (): number => clock.monotonicMs();
  const tunnels = new Map<string, Tunnel>();
  const sockets = new Set<WebSocket>();
  const crowd = createCrowd(limits);
  const metrics = createMetrics();
  const names = createNames(nowMs, (name) => tunnels.has(name));
  const budgets = new Map<string, TokenBucket>();
  const own = ownHosts(parts);
  let stopping = false;
  const addresses = createAddresses({
    range: parts.ports,
    host: parts.host,
    announced: parts.meshHost ?? hostOfListening(parts.host),
    clock,
    names,
    createIngress: (addressee) => createIngress({ limits, metrics, nowMs, addressee }),
  });
  const tell = (text: string): void => log({ level: "info", service: "mesh", text: oneLine(text) });

  const budgetOf = (name: string): TokenBucket => {
    const kept = budgets.get(name);
    if (kept !== undefined) return kept;
    const made = createTokenBucket(limits.requestsPerSecond, limits.requestBurst, nowMs);
    budgets.set(name, made);
    return made;
  };

  const openStreams = (name: string, socket: WebSocket): Streams => {
    const frames = createTokenBucket(limits.framesPerSecond, limits.frameBurst, nowMs);
    let ended = false;
    const streams = createStreams({
      side: "relay",
      clock,
      limits: parts.streamLimits,
      wire: {
        send: (frame) => socket.send(frame),
        unsentBytes: () => socket.bufferedAmount,
        close: (reason) => hangUp(socket, closeCode.policy, reason),
      },
      serve: (head, exchange) => {
        const there = addresses.find(head.authority.toLowerCase());
        const theirs = there?.streams();
        if (theirs !== undefined && there?.budget.take(1)) return passOn(head, exchange, theirs);
        metrics.refuse(there === undefined ? "nobody of ours" : "a neighbour not to be asked");
        exchange.cancel(there === undefined ? "forbidden" : "unreachable");
        return { onBody: () => {}, onEnd: () => {}, onRoom: () => {}, onCancel: () => {} };
      },
      onClosed: (reason) => {
        ended = true;
        tell(`${name}'s tunnel ended: ${reason}`);
        if (tunnels.get(name)?.streams !== streams) return;
        tunnels.delete(name);
        addresses.leave(name);
      },
    });
    socket.on("message", (data: Buffer, binary: boolean) => {
      if (ended) return;
      if (!binary) return streams.close("text in a tunnel");
      if (!frames.take(1)) {
        metrics.refuse("frames too often");
        return streams.close("too many frames");
      }
      streams.receive(data);
    });
    socket.once("close", () => streams.lost("the connection ended"));
    return streams;
  };

  /** Once the key is proven. Answers that cross are settled by who came last. */
  const welcome = async (name: string, key: string, socket: WebSocket): Promise<void> => {
    const turnAway = (code: number, counted: string, reason: string) => {
      metrics.refuse(counted);
      hangUp(socket, code, reason);
    };
    if (!names.claim(name, key)) {
      const reason = `the name ${name} belongs to another key here`;
      return turnAway(closeCode.policy, "name of another key", reason);
    }
    tunnels.get(name)?.streams.close("opened again elsewhere");
    const streams = openStreams(name, socket);
    tunnels.set(name, { name, streams });
    const address = await addresses.take({
      name,
      streams: () => tunnels.get(name)?.streams,
      budget: budgetOf(name),
    });
    if (tunnels.get(name)?.streams !== streams) {
      if (!tunnels.has(name)) addresses.leave(name);
      return;
    }
    if (!address.ok) {
      metrics.refuse("no free address");
      return streams.close(address.refusal);
    }
    socket.send(welcomeText({ address: address.value }));
    tell(`${name} is at ${address.value}`);
  };

  const admit = (socket: WebSocket, request: IncomingMessage) => {
    socket.on("error", () => metrics.refuse("not a WebSocket message"));
    const turnAway = (code: number, counted: string, reason = counted) => {
      metrics.refuse(counted);
      hangUp(socket, code, reason);
    };
    if (stopping) return turnAway(closeCode.goingAway, "the relay is going away");
    const host = (request.headers.host ?? "").toLowerCase();
    if (!own.has(hostOnly(host))) {
      const reason = "this relay does not know itself by that host: it needs --mesh-host";
      return turnAway(closeCode.policy, "not a host of ours", reason);
    }
    const left = crowd.enter(request.socket.remoteAddress ?? "");
    if (left === undefined) return turnAway(closeCode.tryLater, "no room for another tunnel");
    sockets.add(socket);
    const stopWaiting = clock.after(handshakeTimeoutMs, () =>
      turnAway(closeCode.policy, "no answer to the challenge in time"),
    );
    socket.once("close", () => {
      stopWaiting();
      sockets.delete(socket);
      left();
    });
    const wallMs = (): number => Number(clock.nowNs() / 1_000_000n);
    const challenge: Challenge = { nonce: parts.random.bytes(32), host, timeMs: wallMs() };
    socket.once("message", (data: Buffer, binary: boolean) => {
      stopWaiting();
      if (binary || data.length > maxHandshakeBytes) {
        return turnAway(closeCode.policy, "not an answer");
      }
      // What comes before the welcome has no place.
      const tooEarly = (): void => turnAway(closeCode.policy, "frames before the welcome");
      socket.once("message", tooEarly);
      const answer = readAnswer(data.toString("utf8"), challenge, wallMs());
      if (!answer.ok) return turnAway(closeCode.policy, answer.refusal);
      const { name, publicKey, claim } = answer.value;
      if (!isNameWeAccept(name)) return turnAway(closeCode.policy, "not a name");
      void parts.crypto.verify([claim]).then(async ([proven]) => {
        socket.off("message", tooEarly);
        if (socket.readyState !== socket.OPEN) return;
        if (proven !== true) return turnAway(closeCode.policy, "a signature that does not hold");
        await welcome(name, Buffer.from(publicKey).toString("base64"), socket);
      });
    });
    socket.send(challengeText(challenge));
  };

  const openExchanges = (): number =>
    [...tunnels.values()].reduce((sum, { streams }) => sum + streams.count(), 0);

  return {
    admit,
    metrics: () =>
      metrics.text({
        tunnels: tunnels.size,
        streams: openExchanges(),
        addresses: addresses.count(),
      }),
    stop: async () => {
      stopping = true;
      await addresses.stop();
      const deadlineMs = nowMs() + drainMs;
      while (openExchanges() > 0 && nowMs() < deadlineMs) {
        await new Promise<void>((resolve) => clock.after(20, resolve));
      }
      for (const { streams } of [...tunnels.values()]) streams.close("the relay is going away");
      for (const socket of sockets) hangUp(socket, closeCode.goingAway, "the relay is going away");
      addresses.cutOff();
    },
  };
}

/** How long the other end may take to answer a goodbye. */
const politeMs = 500;

function hangUp(socket: WebSocket, code: number, reason: string): void {
  socket.close(
    code,
    Buffer.from(reason)
      .subarray(0, 123)
      .toString("utf8")
      .replace(/\ufffd$/, ""),
  );
  const end = setTimeout(() => socket.terminate(), politeMs);
  socket.once("close", () => clearTimeout(end));
}

const hostOnly = (host: string): string => host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");

const hostOfListening = (host: string): string => {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
};

/**
 * Under which hosts tunnels may be opened. A challenge names the host, and nobody but us may have
 * others answer in our name.
 */
function ownHosts({ host, meshHost }: RelayMeshParts): ReadonlySet<string> {
  const here = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const named = [host, hostname(), ...(meshHost === undefined ? [] : [hostOnly(meshHost)])];
  return new Set(
    ["localhost", ...named, ...here.map(({ address }) => address)].map((one) => one.toLowerCase()),
  );
}
