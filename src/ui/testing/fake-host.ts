/** A host that plays a made-up life, for looking at the page and for its tests. */
import type { NaraViewDelta, PlazaView } from "../../nara/view.ts";
import {
  type Command,
  type CommandResult,
  type HostState,
  protocolVersion,
  type ToPage,
} from "../../worker/protocol.ts";
import { withDelta } from "../following.ts";
import type { Connection } from "../nara-client.ts";
import { answerFromMemory } from "./sample-memory.ts";
import {
  sampleChain,
  sampleEntry,
  sampleNeighbour,
  sampleSettings,
  sampleView,
} from "./sample-view.ts";

export interface FakeHost extends Connection {
  /** One more delta, numbered in order. */
  tell(delta: NaraViewDelta): void;
  become(state: HostState): void;
  /** What was asked so far. */
  readonly commands: readonly Command[];
}

const soul = "5Kd3NBUAdUnhyzenEwVLy9pBKxSwXvE9FMPyR4UKZvpe6E3AgLr";

export const createFakeHost = (first: HostState): FakeHost => {
  const listeners: ((message: ToPage) => void)[] = [];
  const commands: Command[] = [];
  let state = first;
  let seq = 0;
  const send = (message: ToPage): void => {
    for (const listener of listeners) listener(message);
  };
  const snapshot = (): void => send({ type: "state", epoch: "fake", seq, state });

  const answer = (command: Command): CommandResult => {
    commands.push(command);
    if (command.type === "export-soul")
      return { ok: true, type: "soul", soul, name: nameOf(state) };
    if (state.life === "living") {
      if (command.type === "checkpoints") {
        const names = [command.name, ...state.view.neighbours.map(({ name }) => name)];
        return { ok: true, type: "checkpoints", chain: sampleChain(names, Date.now()) };
      }
      const remembered = answerFromMemory(command, state.view);
      if (remembered !== undefined) return remembered;
    }
    if (command.type === "read-note") {
      const note = { text: "the key is under the third stone", savedAtMs: Date.now() - 90_000 };
      return { ok: true, type: "note", note, earlier: null };
    }
    if (command.type === "play") {
      const outcome = { rock: "won", paper: "lost", scissors: "drawn" } as const;
      const { name, hand: mine } = command;
      const played = { name, mine, theirs: "scissors", outcome: outcome[mine] } as const;
      return { ok: true, type: "played", played };
    }
    if (command.type !== "inspect-soul") return { ok: true, type: "done" };
    if (command.soul.length < 40) {
      return { ok: false, type: "refused", why: "that is not a soul: it is too short" };
    }
    return {
      ok: true,
      type: "soul-inspected",
      name: command.name || "velvet-otter-204",
      id: "8Zb4oRkQ2fYw9sTnXc6LmVhPjUeGdA3rBiKx7uNqMtSE",
      bondValid: command.name === "",
      same: command.soul === soul,
    };
  };

  return {
    commands,
    onMessage: (listener) => void listeners.push(listener),
    onTrouble: () => undefined,
    reload: () => false,
    hello() {
      queueMicrotask(() => {
        send({ type: "welcome", protocol: protocolVersion, epoch: "fake" });
        snapshot();
      });
    },
    post(message) {
      if (message.type !== "command") return;
      const result = answer(message.command);
      queueMicrotask(() => send({ type: "result", id: message.id, result }));
    },
    tell(delta) {
      seq += 1;
      if (state.life === "living") state = { ...state, view: withDelta(state.view, delta) };
      send({ type: "delta", epoch: "fake", seq, delta });
    },
    become(next) {
      state = next;
      seq += 1;
      snapshot();
    },
  };
};

/** A nara with `count` neighbours that is alive; `mine` picks another one. */
export const livingState = (count: number, nowMs: number, mine?: number): HostState => ({
  life: "living",
  view: sampleView(count, nowMs, mine),
  settings: sampleSettings,
});

/** A newborn, alone; its neighbours greet it one by one through `tell`. */
export const newbornState = (nowMs: number, mine?: number): HostState => {
  const view = sampleView(0, nowMs, mine);
  return {
    life: "living",
    settings: sampleSettings,
    view: { ...view, me: { ...view.me, bornAtMs: nowMs, booting: true }, drops: [] },
  };
};

export const greeting = (at: number, nowMs: number): NaraViewDelta => {
  const neighbour = { ...sampleNeighbour(at, nowMs), online: "ONLINE", greetedMe: true } as const;
  return { neighbours: [neighbour], timeline: [sampleEntry(at * 6, neighbour.name, nowMs)] };
};

export const fog = (nowMs: number): PlazaView => ({
  state: "offline",
  address: "wss://plaza.example/mqtt",
  sinceMs: nowMs - 130_000,
  reason: "the broker closed the door.",
  nextTryAtMs: nowMs + 14_000,
});

const nameOf = (state: HostState): string => (state.life === "living" ? state.view.me.name : "");
