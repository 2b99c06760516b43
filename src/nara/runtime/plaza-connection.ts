/**
 * Keeps a nara on the plaza: connects, subscribes, and after a loss waits 5…34 s and tries again,
 * for ever. (docs/protocol/presence-and-life.md §1; seed plaza-mqtt, "MQTT Reconnect Loop")
 */
import type { Cancel, Clock, Plaza, PlazaFrame, PlazaLink, PlazaQos, Random } from "../ports.ts";
import type { PlazaView } from "../view.ts";

/** Reconnect pause: a whole number of seconds from 5 to 34 (presence-and-life §1). */
const reconnectPauseS = { least: 5, choices: 30 };
/** Pauses before a subscription is tried again; after three tries it is given up (presence-and-life §1). */
const subscribePausesMs = [1000, 2000];

export interface PlazaConnection {
  /** Connects, also after `leave`. */
  start(): void;
  /** Leaves until `start`. @param reason for a person. */
  leave(reason: string): void;
  /** Flushes and leaves for good. */
  stop(): Promise<void>;
  /** False while the plaza is not open: what is said then is lost, as in the reference. */
  publish(topic: string, payload: Uint8Array, qos: PlazaQos): boolean;
  state(): PlazaView;
}

export interface PlazaConnectionParts {
  readonly plaza: Plaza;
  readonly clock: Clock;
  readonly random: Random;
  readonly clientId: string;
  readonly filters: readonly string[];
  onFrame(frame: PlazaFrame): void;
  /** Every time the plaza opens, once all filters were subscribed or given up. */
  onOpen(): void;
  onState(state: PlazaView): void;
  onSubscribeRefused(filter: string): void;
}

export function createPlazaConnection(parts: PlazaConnectionParts): PlazaConnection {
  const { plaza, clock, random } = parts;
  const address = plaza.address;
  let link: PlazaLink | undefined;
  let retry: Cancel | undefined;
  let attempt = 0;
  let stopped = false;
  let state: PlazaView = { state: "connecting", address, attempt: 1 };
  /** When the plaza went; kept through failed attempts. */
  let lostAtMs: number | undefined;
  /** Tells the timers of an old link that it is old. */
  let generation = 0;

  const wallMs = (): number => Number(clock.nowNs() / 1_000_000n);
  const move = (next: PlazaView): void => {
    state = next;
    parts.onState(next);
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      clock.after(ms, resolve);
    });

  const subscribeAll = async (current: PlazaLink, mine: number): Promise<void> => {
    for (const filter of parts.filters) {
      let subscribed = await current.subscribe(filter);
      for (const ms of subscribePausesMs) {
        if (subscribed || generation !== mine) break;
        await pause(ms);
        if (generation !== mine) return;
        subscribed = await current.subscribe(filter);
      }
      if (generation !== mine) return;
      if (!subscribed) parts.onSubscribeRefused(filter);
    }
  };

  const tryOnce = (): void => {
    attempt += 1;
    generation += 1;
    const mine = generation;
    retry = undefined;
    move({ state: "connecting", address, attempt });
    // A link may open or close before `connect` returns it.
    let current: PlazaLink | undefined;
    let openedEarly = false;
    const opened = async (on: PlazaLink): Promise<void> => {
      await subscribeAll(on, mine);
      if (generation !== mine || stopped) return;
      attempt = 0;
      lostAtMs = undefined;
      move({ state: "open", address, sinceMs: wallMs() });
      parts.onOpen();
    };
    current = plaza.connect({
      clientId: parts.clientId,
      onOpen() {
        if (generation !== mine) return;
        if (current === undefined) openedEarly = true;
        else void opened(current);
      },
      onFrame(frame) {
        if (generation === mine) parts.onFrame(frame);
      },
      onClosed({ reason }) {
        if (generation !== mine) return;
        generation += 1;
        link = undefined;
        if (stopped) return;
        const pauseMs =
          1000 * (reconnectPauseS.least + Math.floor(random.fraction() * reconnectPauseS.choices));
        lostAtMs ??= wallMs();
        const nextTryAtMs = wallMs() + pauseMs;
        move({ state: "offline", address, sinceMs: lostAtMs, reason, nextTryAtMs });
        retry = clock.after(pauseMs, tryOnce);
      },
    });
    if (generation === mine) link = current;
    if (openedEarly && generation === mine) void opened(current);
  };
  return {
    start() {
      if (link !== undefined || retry !== undefined || stopped) return;
      attempt = 0;
      tryOnce();
    },
    leave(reason) {
      if (stopped) return;
      retry?.();
      retry = undefined;
      generation += 1;
      const leaving = link;
      link = undefined;
      lostAtMs = undefined;
      move({ state: "offline", address, sinceMs: wallMs(), reason, nextTryAtMs: 0 });
      void leaving?.close();
    },
    async stop() {
      stopped = true;
      retry?.();
      const leaving = link;
      link = undefined;
      await leaving?.close();
      generation += 1;
    },
    publish(topic, payload, qos) {
      return state.state === "open" && link !== undefined && link.publish(topic, payload, qos);
    },
    state: () => state,
  };
}
