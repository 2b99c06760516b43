/**
 * A plaza spoken through mqtt.js, on whatever connection a transport opens. One `connect` is one
 * attempt: clean session, no will, nothing queued, nothing retained, no reconnecting
 * (docs/protocol/presence-and-life.md §1).
 */
import type { IClientOptions, MqttClient } from "mqtt";
import type { Plaza, PlazaAttempt, PlazaLink, PlazaQos } from "../../nara/ports.ts";
import { leftReason, reasonOf } from "./reasons.ts";

/** docs/protocol/presence-and-life.md §1: the reference's library defaults. */
const keepAliveS = 30;
const connectTimeoutMs = 10_000;
/** How long a farewell may take: unacknowledged QoS 1 messages, a broker that keeps its socket. */
const closeTimeoutMs = 2_000;

/** CONNACK return code of MQTT 3.1.1 §3.2.2.3. */
const serverUnavailable = 3;

/** One connection that carries MQTT. */
export interface MqttTransport {
  /** Makes an mqtt.js client. May load mqtt.js first. */
  connect(options: IClientOptions): MqttClient | Promise<MqttClient>;
  /** After the client closed: what the connection itself tells about why, if anything. */
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
  let client: MqttClient | undefined;
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

  const start = async (): Promise<void> => {
    const transport = settings.openTransport();
    const made = await transport.connect(optionsFor(settings, attempt.clientId));
    client = made;
    made.on("connect", () => {
      if (life !== "opening") return;
      life = "open";
      attempt.onOpen();
    });
    made.on("message", (topic, payload, packet) => {
      if (life !== "open" && life !== "closing") return;
      attempt.onFrame({ topic, payload: Uint8Array.from(payload), retained: packet.retain });
    });
    made.on("error", (error) => {
      fault ??= error;
      made.end(true);
    });
    made.on("close", () => void finish(() => transport.explain()));
    if (life !== "opening") made.end(true);
  };

  Promise.resolve()
    .then(start)
    .catch((error: unknown) => {
      fault ??= error;
      return finish(async () => undefined);
    });

  return {
    subscribe: (filter) =>
      new Promise((resolve) => {
        if (client === undefined || life !== "open") return resolve(false);
        client.subscribe(filter, { qos: 0 }, (error, granted) => {
          resolve(error == null && granted?.[0] !== undefined && granted[0].qos < 128);
        });
      }),
    publish: (topic: string, payload: Uint8Array, qos: PlazaQos) => {
      if (client === undefined || life !== "open" || !client.connected) return false;
      client.publish(topic, bytesFor(payload), { qos, retain: false }, () => {});
      return true;
    },
    close: () => {
      if (life === "opening" || life === "open") {
        const graceful = life === "open";
        life = "closing";
        const deadline = setTimeout(() => client?.stream.destroy(), closeTimeoutMs);
        void ended.then(() => clearTimeout(deadline));
        client?.end(!graceful);
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

function optionsFor(settings: MqttPlazaSettings, clientId: string): IClientOptions {
  return {
    clientId,
    protocolVersion: 4,
    clean: true,
    keepalive: keepAliveS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: connectTimeoutMs,
    timerVariant: "native",
    ...(settings.user === undefined ? {} : { username: settings.user }),
    ...(settings.password === undefined ? {} : { password: settings.password }),
  };
}

/** mqtt.js measures and writes any Uint8Array; its types ask for Node's Buffer, absent in browsers. */
function bytesFor(payload: Uint8Array): Buffer {
  return payload as Buffer;
}
