/**
 * The machine that one nara runs on: its clock, which may be wrong, and its lines to the plaza and
 * the mesh. It can freeze, as a hidden tab does, and die, as a machine without power does.
 *
 * While it is frozen no timer fires and nothing is heard; time goes on. What arrives waits, until
 * the plaza gives up on it. Whoever asks it over the mesh gets no answer. When it thaws, what
 * waited comes in order of arrival, and then what was due.
 */
import { createBreather } from "../breather.ts";
import type { MeshTransport } from "../mesh/http.ts";
import type { Cancel, Clock, Plaza } from "../ports.ts";

export interface Machine {
  readonly clock: Clock;
  /** The way through this machine to that plaza. */
  plaza(plaza: Plaza): Plaza;
  mesh(mesh: MeshTransport): MeshTransport;
  state(): "running" | "frozen" | "dead";
  /** Its wall clock is wrong by so much from now on, ms; monotonic time is not. */
  skew(byMs: number): void;
  freeze(): void;
  thaw(): void;
  /** Nothing happens on it any more, and nobody there says goodbye. */
  die(): void;
}

/** A plaza gives up on who is silent for one and a half times the keep-alive (MQTT 3.1.1 §3.1.2.10). */
export const plazaPatienceMs = 45_000;

export interface MachineParts {
  readonly clock: Clock;
  /** Ends this machine's connections at the plaza; it does not hear of it while it is frozen. */
  cutFromPlaza(): void;
}

export function createMachine({ clock, cutFromPlaza }: MachineParts): Machine {
  const waiting: (() => void)[] = [];
  const timers = new Set<Cancel>();
  let state: "running" | "frozen" | "dead" = "running";
  let skewNs = 0n;
  let giveUp: Cancel = () => {};
  let stopServing: Cancel = () => {};

  /** Now, or when it thaws, or never. */
  const happen = (task: () => void): void => {
    if (state === "running") task();
    else if (state === "frozen") waiting.push(task);
  };
  const arrival = (): Promise<void> => new Promise((resolve) => happen(resolve));

  const after: Clock["after"] = (delayMs, task) => {
    if (state === "dead") return () => {};
    let isCancelled = false;
    const forget = clock.after(delayMs, () => {
      timers.delete(forget);
      happen(() => {
        if (!isCancelled) task();
      });
    });
    timers.add(forget);
    return () => {
      isCancelled = true;
      timers.delete(forget);
      forget();
    };
  };

  return {
    clock: {
      nowNs: () => clock.nowNs() + skewNs,
      monotonicMs: clock.monotonicMs,
      after,
      breathe: createBreather({
        monotonicMs: clock.monotonicMs,
        nextTurn: (task) => void after(0, task),
      }),
    },
    plaza: (plaza) => ({
      address: plaza.address,
      connect: (attempt) =>
        plaza.connect({
          clientId: attempt.clientId,
          onOpen: () => happen(attempt.onOpen),
          onFrame: (frame) => happen(() => attempt.onFrame(frame)),
          onClosed: (closed) => happen(() => attempt.onClosed(closed)),
        }),
    }),
    mesh: (mesh) => ({
      ...mesh,
      onChange: (listener) => mesh.onChange(() => happen(listener)),
      serve(handler) {
        stopServing = mesh.serve(async (request) => {
          await arrival();
          return handler(request);
        });
        return stopServing;
      },
      async send(baseUrl, request, bounds) {
        const outcome = await mesh.send(baseUrl, request, bounds);
        await arrival();
        return outcome;
      },
    }),
    state: () => state,
    skew(byMs) {
      skewNs = BigInt(Math.round(byMs * 1e6));
    },
    freeze() {
      if (state !== "running") return;
      state = "frozen";
      giveUp = clock.after(plazaPatienceMs, cutFromPlaza);
    },
    thaw() {
      if (state !== "frozen") return;
      state = "running";
      giveUp();
      for (const task of waiting.splice(0)) clock.after(0, () => happen(task));
    },
    die() {
      if (state === "dead") return;
      state = "dead";
      giveUp();
      waiting.length = 0;
      for (const cancel of timers) cancel();
      timers.clear();
      stopServing();
      cutFromPlaza();
    },
  };
}
