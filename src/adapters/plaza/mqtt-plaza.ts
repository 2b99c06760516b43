/**
 * A plaza spoken in MQTT 3.1.1, on whatever session a transport opens. One `connect` is one
 * attempt: clean session, no will, nothing queued, nothing retained, no reconnecting
 * (docs/protocol/presence-and-life.md §1).
 */
import type { Plaza, PlazaAttempt, PlazaFrame, PlazaLink, PlazaQos } from "../../nara/ports.ts";
import { leftReason, reasonOf } from "./reasons.ts";

/** docs/protocol/presence-and-life.md §1: the reference's library defaults. */
export const keepAliveS = 30;
export const connectTimeoutMs = 10_000;
/** How long a farewell may take: unacknowledged QoS 1 messages, a broker that keeps its socket. */
const closeTimeoutMs = 2_000;

/** CONNACK return code of MQTT 3.1.1 §3.2.2.3. */
const serverUnavailable = 3;

export interface MqttLogin {
  readonly clientId: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** Never called while the session is still being opened. */
export interface MqttListener {
  /** The broker let us in. */
  onOpen(): void;
  onFrame(frame: PlazaFrame): void;
  /** Why the session is about to close; a `code` that is a number is CONNACK's. */
  onFault(fault: unknown): void;
  /** Last, and at least once. */
  onClosed(): void;
}

/** One connection that speaks MQTT. */
export interface MqttSession {
  /** False when the broker refuses, or when the session is not open or closes before an answer. */
  subscribe(filter: string): Promise<boolean>;
  /** False when it is not open. */
  publish(topic: string, payload: Uint8Array, qos: PlazaQos): boolean;
  /** Waits for what is to be acknowledged, says DISCONNECT, closes. */
  leave(): void;
  /** Closes at once. */
  drop(): void;
}

/** What carries one session. */
export interface MqttTransport {
  /** Connects with the constants above. */
  open(login: MqttLogin, listener: MqttListener): MqttSession;
  /** After the session closed: what the connection itself tells about why, if anything. */
  explain(): Promise<string | undefined>;
}

export interface MqttPlazaSettings {
  /** Without credentials. */
  readonly address: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  openTransport(): MqttTransport;
}

export function createMqttPlaza(settings: MqttPlazaSettings): Plaza {
  return {
    address: settings.address,
    connect: (attempt) => openLink(settings, attempt),
  };
}

function openLink(settings: MqttPlazaSettings, attempt: PlazaAttempt): PlazaLink {
  let life: "opening" | "open" | "closing" | "closed" = "opening";
  let session: MqttSession | undefined;
  let fault: unknown;
  let markEnded = (): void => {};
  const ended = new Promise<void>((resolve) => {
    markEnded = resolve;
  });

  const finish = async (explain: () => Promise<string | undefined>): Promise<void> => {
    if (life === "closed") return;
    const weLeft = life === "closing";
    life = "closed";
    const told = weLeft ? leftReason : await explain();
    const ownReason = reasonOf(fault, settings.address);
    markEnded();
    attempt.onClosed({ reason: saysEnough(fault) ? ownReason : (told ?? ownReason) });
  };

  const start = (): void => {
    if (life !== "opening") return void finish(async () => undefined);
    const transport = settings.openTransport();
    const { user, password } = settings;
    session = transport.open(
      { clientId: attempt.clientId, user, password },
      {
        onOpen: () => {
          if (life !== "opening") return;
          life = "open";
          attempt.onOpen();
        },
        onFrame: (frame) => {
          if (life === "open" || life === "closing") attempt.onFrame(frame);
        },
        onFault: (error) => {
          fault ??= error;
        },
        onClosed: () => void finish(() => transport.explain()),
      },
    );
  };

  Promise.resolve()
    .then(start)
    .catch((error: unknown) => {
      fault ??= error;
      return finish(async () => undefined);
    });

  return {
    subscribe: async (filter) =>
      session !== undefined && life === "open" && (await session.subscribe(filter)),
    publish: (topic, payload, qos) =>
      session !== undefined && life === "open" && session.publish(topic, payload, qos),
    close: () => {
      if (life === "opening" || life === "open") {
        const graceful = life === "open";
        life = "closing";
        const deadline = setTimeout(() => session?.drop(), closeTimeoutMs);
        void ended.then(() => clearTimeout(deadline));
        if (graceful) session?.leave();
        else session?.drop();
      }
      return ended;
    },
  };
}

/** The broker's own refusal, unless it is that of a server whose broker is away: that says more. */
function saysEnough(fault: unknown): boolean {
  const code = typeof fault === "object" && fault !== null && "code" in fault ? fault.code : 0;
  return typeof code === "number" && code !== 0 && code !== serverUnavailable;
}
