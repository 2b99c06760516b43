/**
 * The nara's end of a tunnel (docs/tunnel.md): a way to peers for naras that nobody can call. It
 * comes back by itself when it drops; the relay keeps the address for a while.
 */
import { createListeners } from "../../nara/ledger/listeners.ts";
import type { MeshHandler, MeshTransport } from "../../nara/mesh/http.ts";
import { createServing } from "../../nara/mesh/serving.ts";
import type { Cancel, Clock, Random } from "../../nara/ports.ts";
import { type Answerer, answerTo, readWelcome, tunnelProtocol } from "../../tunnel/handshake.ts";
import { createStreams, type Streams } from "../../tunnel/streams.ts";
import { hintsThrough, sendThrough, serveWith } from "./tunnel-exchanges.ts";

const firstRetryMs = 1_000;
const slowestRetryMs = 60_000;

export interface TunnelSettings {
  /** `ws://…/tunnel` or `wss://…/tunnel`. */
  readonly url: string;
  readonly who: Answerer;
  readonly clock: Clock;
  readonly random: Random;
  /** Opens a socket; the host's own WebSocket unless given. */
  readonly openSocket?: (url: string, protocol: string) => WebSocket;
}

export interface TunnelClient extends MeshTransport {
  /** Ends the tunnel for good. */
  stop(): void;
}

/** Opens the tunnel at once and keeps it open. Never throws. */
export function createTunnelClient(settings: TunnelSettings): TunnelClient {
  const { clock, random } = settings;
  let streams: Streams | undefined;
  let address = "";
  let trouble = "the way to the relay is not open yet";
  const changes = createListeners<void>();
  const serving = createServing();
  let stopped = false;
  let failures = 0;
  let stopRetry: Cancel = () => {};
  let hangUp: (reason: string) => void = () => {};

  const attempt = (): void => {
    hangUp = openTunnel(settings, serving.handler, {
      onOpen: (opened, given) => {
        failures = 0;
        streams = opened;
        address = given;
        trouble = "";
        changes.tell();
      },
      onClosed: (reason) => {
        streams = undefined;
        trouble = reason;
        changes.tell();
        if (stopped) return;
        const waitMs = Math.min(slowestRetryMs, firstRetryMs * 2 ** failures);
        failures = Math.min(failures + 1, 10);
        stopRetry = clock.after(waitMs * (0.5 + random.fraction() / 2), attempt);
      },
    });
  };
  attempt();

  return {
    send: sendThrough(() => streams),
    hints: hintsThrough(() => streams),
    serve: serving.serve,
    address: () => address,
    trouble: () => trouble,
    onChange: changes.add,
    stop: () => {
      stopped = true;
      stopRetry();
      hangUp("the nara has left");
    },
  };
}

interface TunnelAttempt {
  onOpen(streams: Streams, address: string): void;
  /** Once. */
  onClosed(reason: string): void;
}

/** One attempt. What it returns ends it. */
function openTunnel(
  settings: TunnelSettings,
  handler: () => MeshHandler | undefined,
  attempt: TunnelAttempt,
): (reason: string) => void {
  const { url, who, clock } = settings;
  const open = settings.openSocket ?? ((at, protocol) => new WebSocket(at, protocol));
  let step: "challenge" | "welcome" | "open" = "challenge";
  let streams: Streams | undefined;
  let closed = false;
  const ended = (reason: string): void => {
    if (closed) return;
    closed = true;
    streams?.lost(reason);
    attempt.onClosed(reason);
  };
  let socket: WebSocket;
  try {
    socket = open(url, tunnelProtocol);
  } catch {
    clock.after(0, () => ended(`${url} is no address of a relay`));
    return ended;
  }
  socket.binaryType = "arraybuffer";
  const giveUp = (reason: string) => {
    socket.close(1000);
    ended(reason);
  };
  const begin = (address: string): void => {
    step = "open";
    streams = createStreams({
      side: "nara",
      clock,
      wire: {
        send: (frame) => {
          if (socket.readyState === socket.OPEN) socket.send(frame as Uint8Array<ArrayBuffer>);
        },
        unsentBytes: () => socket.bufferedAmount,
        close: () => socket.close(1000),
      },
      serve: (head, exchange) => serveWith(handler(), head, exchange),
      onClosed: ended,
    });
    attempt.onOpen(streams, address);
  };
  const onText = (text: string) => {
    if (step === "challenge") {
      const nowMs = Number(clock.nowNs() / 1_000_000n);
      const answer = answerTo(text, who, new URL(url).host, nowMs);
      if (!answer.ok) return giveUp(answer.refusal);
      step = "welcome";
      return socket.send(answer.value);
    }
    const welcome = readWelcome(text);
    if (step !== "welcome" || !welcome.ok) return giveUp("the relay's welcome makes no sense");
    begin(welcome.value.address);
  };
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (closed) return;
    if (typeof data === "string") onText(data);
    else if (data instanceof ArrayBuffer && streams !== undefined) {
      streams.receive(new Uint8Array(data));
    } else giveUp("this is no relay: it did not challenge");
  });
  socket.addEventListener("error", () => {});
  socket.addEventListener("close", ({ reason }) => {
    ended(reason === "" ? "the way to the relay is broken" : reason);
  });
  return (reason) => {
    streams?.close(reason);
    giveUp(reason);
  };
}
