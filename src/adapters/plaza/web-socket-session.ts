/** MQTT 3.1.1 over a WebSocket, no more of it than a nara needs (mqtt-packets.ts). */
import { refuse } from "../../nara/outcome.ts";
import {
  connect,
  createPacketReader,
  disconnect,
  type HeardPacket,
  pingreq,
  puback,
  publish,
  refusedFilter,
  subscribe,
} from "./mqtt-packets.ts";
import {
  connectTimeoutMs,
  keepAliveS,
  type MqttListener,
  type MqttLogin,
  type MqttSession,
} from "./mqtt-plaza.ts";
import { connackTimeout, keepaliveTimeout } from "./reasons.ts";

/** Of the subprotocol, MQTT 3.1.1 §6. */
export const webSocketProtocols: readonly string[] = ["mqtt"];

/** A ping goes every second tick; a broker that said nothing for three ticks is gone (§3.1.2.10). */
const tickMs = (keepAliveS * 1_000) / 2;
const silentTicksToFault = 3;

/** A packet id is a number of two bytes, never 0 (§2.3.1). */
const maxPacketId = 0xffff;

/** @param socket just made with `webSocketProtocols`. */
export function openWebSocketSession(
  socket: WebSocket,
  login: MqttLogin,
  listener: MqttListener,
): MqttSession {
  const read = createPacketReader();
  const unacknowledged = new Set<number>();
  const subscribing = new Map<number, (granted: boolean) => void>();
  let state: "opening" | "open" | "leaving" | "closed" = "opening";
  let lastId = 0;
  let ticks = 0;
  let silentTicks = 0;
  let ticking: ReturnType<typeof setInterval> | undefined;
  const patience = setTimeout(() => fail(new Error(connackTimeout)), connectTimeoutMs);

  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => send(() => connect({ ...login, keepAliveS })));
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (state === "closed") return;
    silentTicks = 0;
    const heard =
      data instanceof ArrayBuffer ? read(new Uint8Array(data)) : refuse("text is not MQTT");
    if (heard.ok) for (const packet of heard.value) take(packet);
    else fail(new Error(heard.refusal));
  });
  // What an error was about, the close event after it tells.
  socket.addEventListener("error", () => {});
  socket.addEventListener("close", () => end());

  function take(packet: HeardPacket): void {
    if (state === "closed") return;
    if ((packet.kind === "connack") !== (state === "opening")) {
      fail(new Error(`the broker said ${packet.kind} out of turn`));
    } else if (packet.kind === "connack") {
      welcome(packet.code);
    } else if (packet.kind === "publish") {
      const { topic, payload, retained, id } = packet;
      if (id !== undefined) send(() => puback(id));
      listener.onFrame({ topic, payload, retained });
    } else if (packet.kind === "puback") {
      unacknowledged.delete(packet.id);
      if (state === "leaving") leaveOnceAcknowledged();
    } else if (packet.kind === "suback") {
      subscribing.get(packet.id)?.(packet.code < refusedFilter);
      subscribing.delete(packet.id);
    }
  }

  function welcome(code: number): void {
    if (code !== 0) {
      fail(Object.assign(new Error("refused by the broker"), { code }));
      return;
    }
    state = "open";
    clearTimeout(patience);
    ticking = setInterval(tick, tickMs);
    listener.onOpen();
  }

  function tick(): void {
    ticks += 1;
    silentTicks += 1;
    if (silentTicks >= silentTicksToFault) fail(new Error(keepaliveTimeout));
    else if (ticks % 2 === 0) send(() => pingreq);
  }

  /** False when the packet cannot be made or the socket is closing. */
  function send(make: () => Uint8Array<ArrayBuffer>): boolean {
    if (socket.readyState !== socket.OPEN) return false;
    try {
      socket.send(make());
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  }

  /** Undefined when every id waits for an answer. */
  function freeId(): number | undefined {
    if (unacknowledged.size + subscribing.size >= maxPacketId) return undefined;
    do {
      lastId = lastId === maxPacketId ? 1 : lastId + 1;
    } while (unacknowledged.has(lastId) || subscribing.has(lastId));
    return lastId;
  }

  function leaveOnceAcknowledged(): void {
    if (unacknowledged.size > 0) return;
    send(() => disconnect);
    socket.close();
  }

  function fail(fault: unknown): void {
    if (state === "closed") return;
    listener.onFault(fault);
    end();
  }

  function end(): void {
    if (state === "closed") return;
    state = "closed";
    clearTimeout(patience);
    clearInterval(ticking);
    for (const settle of subscribing.values()) settle(false);
    subscribing.clear();
    socket.close();
    listener.onClosed();
  }

  return {
    subscribe: (filter) =>
      new Promise((resolve) => {
        const id = state === "open" ? freeId() : undefined;
        if (id !== undefined && send(() => subscribe(filter, id))) subscribing.set(id, resolve);
        else resolve(false);
      }),
    publish: (topic, payload, qos) => {
      if (state !== "open") return false;
      const id = qos === 0 ? 0 : freeId();
      if (id === undefined || !send(() => publish(topic, payload, qos, id))) return false;
      if (qos !== 0) unacknowledged.add(id);
      return true;
    },
    leave: () => {
      if (state === "open") {
        state = "leaving";
        leaveOnceAcknowledged();
      } else if (state === "opening") {
        end();
      }
    },
    drop: end,
  };
}
