/** Where tunnels come in: challenge, answer, and who is sent away before that. (docs/tunnel.md §2) */
import type { IncomingMessage } from "node:http";
import { hostname, networkInterfaces } from "node:os";
import type { WebSocket } from "ws";
import { isNameWeAccept } from "../../nara/identity/names.ts";
import type { Clock, Crypto, Random } from "../../nara/ports.ts";
import {
  type Challenge,
  challengeText,
  handshakeTimeoutMs,
  maxHandshakeBytes,
  readAnswer,
} from "../../tunnel/handshake.ts";
import { createTokenBucket } from "../token-bucket.ts";
import { closeCode, createCrowd } from "../visitor.ts";
import { createBudgets } from "./budgets.ts";
import { hangUp } from "./hang-up.ts";
import { handshakes, type MeshLimits, maxSources } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { sourceOf } from "./sources.ts";

/** Somebody who has proven a key. */
export interface Proven {
  readonly name: string;
  readonly id: string;
  /** Base64. */
  readonly key: string;
  /** By address, for what is counted so. */
  readonly source: string;
  readonly socket: WebSocket;
}

export interface TunnelDoor {
  admit(socket: WebSocket, request: IncomingMessage): void;
  /** Nobody comes in any more. */
  close(): void;
  /** Sends everybody away who still is here. */
  shut(): void;
}

export interface TunnelDoorParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly limits: MeshLimits;
  readonly metrics: Metrics;
  /** Hosts that this relay is called by; others could have answers made for us elsewhere. */
  readonly hosts: readonly string[];
  onProven(proven: Proven): void;
}

export function createTunnelDoor(parts: TunnelDoorParts): TunnelDoor {
  const { clock, metrics } = parts;
  const nowMs = (): number => clock.monotonicMs();
  const sockets = new Set<WebSocket>();
  const crowd = createCrowd(parts.limits);
  const own = ownHosts(parts.hosts);
  const visits = createBudgets({
    nowMs,
    fullAfterMs: (handshakes.burst / handshakes.perSecond) * 1_000,
    most: maxSources,
    create: () => createTokenBucket(handshakes.perSecond, handshakes.burst, nowMs),
  });
  let isClosed = false;

  return {
    admit: (socket, request) => {
      socket.on("error", () => metrics.refuse("not a WebSocket message"));
      const turnAway = (code: number, counted: string, reason = counted) => {
        metrics.refuse(counted);
        hangUp(socket, code, reason);
      };
      if (isClosed) return turnAway(closeCode.goingAway, goingAway);
      const host = (request.headers.host ?? "").toLowerCase();
      if (!own.has(hostOnly(host))) {
        const reason = "this relay does not know itself by that host: it needs --mesh-host";
        return turnAway(closeCode.policy, "not a host of ours", reason);
      }
      const source = sourceOf(request.socket.remoteAddress ?? "");
      if (!visits.of(source).take(1))
        return turnAway(closeCode.tryLater, "too many tunnels at once");
      const left = crowd.enter(source);
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
        const { name, id, publicKey, claim } = answer.value;
        if (!isNameWeAccept(name)) return turnAway(closeCode.policy, "not a name");
        void parts.crypto.verify([claim]).then(([proven]) => {
          socket.off("message", tooEarly);
          if (socket.readyState !== socket.OPEN) return;
          if (isClosed) return turnAway(closeCode.goingAway, goingAway);
          if (proven !== true) return turnAway(closeCode.policy, "a signature that does not hold");
          const key = Buffer.from(publicKey).toString("base64");
          parts.onProven({ name, id, key, source, socket });
        });
      });
      socket.send(challengeText(challenge));
    },
    close: () => {
      isClosed = true;
    },
    shut: () => {
      for (const socket of sockets) hangUp(socket, closeCode.goingAway, goingAway);
    },
  };
}

export const goingAway = "the relay is going away";

export const hostOnly = (host: string): string =>
  host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");

function ownHosts(named: readonly string[]): ReadonlySet<string> {
  const here = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const all = ["localhost", hostname(), ...named, ...here.map(({ address }) => address)];
  return new Set(all.map((one) => one.toLowerCase()));
}
