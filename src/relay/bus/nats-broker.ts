/** NATS as the broker between relays. */
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";
import type { Log } from "../../nara/ports.ts";
import { maxFrameBytes } from "../../tunnel/frames.ts";
import { oneLine } from "../tell.ts";
import type { Broker } from "./broker.ts";

export interface NatsParts {
  /** `nats://[user:password@]host[:port]`, or `tls://…`. */
  readonly url: string;
  readonly log: Log;
}

/** NATS says so when nobody listens to a subject (docs.nats.io, "no responders"). */
const nobodyListens = 503;
/** A relay without its bus soon has it back, whatever it missed. */
const reconnectMs = 1_000;
const connectTimeoutMs = 5_000;
/** Below this nobody needs to know how much NATS has not taken. */
const worthAskingBytes = 1024 * 1024;

/** Connects once; later it comes back by itself for as long as it takes. */
export async function connectNats({ url, log }: NatsParts): Promise<Outcome<Broker>> {
  if (!URL.canParse(url)) return refuse(`--bus is no address: ${oneLine(url)}`);
  const { protocol, host, username, password } = new URL(url);
  const address = `${protocol}//${host}`;
  let connection: NatsConnection;
  try {
    connection = await connect({
      servers: host,
      ...(username === "" ? {} : { user: decodeURIComponent(username) }),
      ...(password === "" ? {} : { pass: decodeURIComponent(password) }),
      ...(protocol === "tls:" ? { tls: {} } : {}),
      name: "nara-tab relay",
      noEcho: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: reconnectMs,
      timeout: connectTimeoutMs,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(`the bus ${address} does not answer: ${oneLine(why)}`);
  }
  // A message is a frame and its number (link.ts).
  if ((connection.info?.max_payload ?? 0) < maxFrameBytes + 4) {
    await connection.close();
    return refuse(`the bus ${address} takes no messages of ${maxFrameBytes + 4} bytes`);
  }
  return accept(brokerOf(connection, address, log));
}

function brokerOf(connection: NatsConnection, address: string, log: Log): Broker {
  let open = true;
  let unsent = 0;
  let asking = false;
  const lost: (() => void)[] = [];
  const tell = (text: string): void => log({ level: "warn", service: "bus", text });

  /** What was given before a question is taken when NATS answers it. */
  const askWhatIsTaken = (): void => {
    if (asking || unsent < worthAskingBytes) return;
    asking = true;
    const given = unsent;
    const done = (): void => {
      asking = false;
      unsent = Math.max(0, unsent - given);
      askWhatIsTaken();
    };
    connection.flush().then(done, () => {
      asking = false;
    });
  };
  const onLost = (): void => {
    if (!open) return;
    open = false;
    unsent = 0;
    asking = false;
    for (const task of lost) task();
  };
  const watch = async (): Promise<void> => {
    for await (const status of connection.status()) {
      if (status.type === "disconnect") {
        onLost();
        tell(`${address} is away; naras at other relays cannot be reached`);
      }
      if (status.type === "reconnect") {
        open = true;
        tell(`${address} is back`);
      }
    }
    onLost();
  };
  void watch();

  return {
    address,
    publish: (subject, bytes, reply) => {
      if (!open) return;
      unsent += bytes.length;
      connection.publish(subject, bytes, reply === undefined ? {} : { reply });
      askWhatIsTaken();
    },
    subscribe: (subject, hear) => {
      if (connection.isClosed()) return () => {};
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (error !== null) return tell(oneLine(error.message));
          hear({
            subject: message.subject,
            bytes: message.data,
            reply: message.reply,
            nobody: message.headers?.code === nobodyListens,
          });
        },
      });
      return () => {
        // What NATS has delivered by then is still heard: nobody else was asked.
        if (!connection.isClosed()) subscription.drain().catch(() => {});
      };
    },
    settled: () => (open ? connection.flush().catch(() => {}) : Promise.resolve()),
    isOpen: () => open,
    unsentBytes: () => unsent,
    onLost: (task) => void lost.push(task),
    close: async () => {
      open = false;
      await connection.flush().catch(() => {});
      await connection.close();
    },
  };
}
