/** Stand-ins for living naras: they note what is asked of them and say what a test tells them. */
import type { SyncEvent } from "../../nara/events/sync-event.ts";
import type { Identity } from "../../nara/identity/identity.ts";
import type { MemoryProfile } from "../../nara/identity/memory-mode.ts";
import type { Manners } from "../../nara/manners.ts";
import { accept, refuse } from "../../nara/outcome.ts";
import type { Note } from "../../nara/services/stash/vault.ts";
import type {
  BeliefView,
  CheckpointView,
  MemoryPage,
  NaraView,
  NaraViewDelta,
  TransportChoice,
} from "../../nara/view.ts";
import { nobodyYet, withDelta } from "../../ui/following.ts";
import type { HostedNara, NaraMaker, Ways } from "../life.ts";

export interface Actor {
  readonly who: Identity;
  readonly plazaUrl: string;
  /** How much it was told to remember, last. */
  memory(): MemoryProfile;
  /** How it was told to talk, last. */
  transport(): TransportChoice;
  /** How it was told to behave, last. */
  manners(): Manners;
  /** Whether it was told to let others look in, last. */
  letsLookIn(): boolean;
  /** From now on it lets nobody look in, and says why. */
  refuseLooks(why: string): void;
  /** In order: `start`, `stop`. */
  readonly asked: readonly string[];
  isAlive(): boolean;
  /** From now on it never finishes stopping. */
  hang(): void;
  /** Something in its view changes. */
  change(delta: NaraViewDelta): void;
  /** All it remembers. It takes whatever it is given, once. */
  readonly memories: readonly SyncEvent[];
}

export interface Troupe {
  readonly maker: NaraMaker;
  /** Every nara ever made, oldest first. */
  readonly actors: readonly Actor[];
  /** Throws when none was made yet. */
  first(): Actor;
  /** Those that are on a plaza now. */
  living(): readonly Actor[];
}

export function createTroupe(): Troupe {
  const actors: Actor[] = [];
  return {
    actors,
    first: () => {
      const [first] = actors;
      if (first === undefined) throw new Error("no nara was made");
      return first;
    },
    living: () => actors.filter((actor) => actor.isAlive()),
    maker: {
      publicKeyOf: (who) => `key of ${who.soul.seed.join(",")}`,
      create: (who, { plazaUrl }, ways) => {
        const { actor, nara } = createActor(who, plazaUrl, ways);
        actors.push(actor);
        return nara;
      },
    },
  };
}

function createActor(
  who: Identity,
  plazaUrl: string,
  first: Ways,
): { actor: Actor; nara: HostedNara } {
  const asked: string[] = [];
  const listeners = new Set<(delta: NaraViewDelta) => void>();
  let view = firstView(who, plazaUrl);
  const memories: SyncEvent[] = [];
  let hangs = false;
  let note: Note | undefined;
  let whyNoLooks: string | undefined;
  let { memory, transport, manners, letsLookIn } = first;
  const nara: HostedNara = {
    start: () => void asked.push("start"),
    stop: () => {
      asked.push("stop");
      return hangs ? new Promise(() => {}) : Promise.resolve();
    },
    view: () => view,
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    recall: {
      page: ({ cursor }) => pageAfter(cursor),
      beliefs: (name) => [{ ...noBelief, total: name.length }],
      memory: () => view.memory,
    },
    sendPostcard: (message) =>
      Promise.resolve(message === "" ? refuse("there is nothing on it") : accept(undefined)),
    stash: {
      write: (text) => {
        note = { text, savedAtMs: 1_767_225_600_000 };
        return Promise.resolve(text === "alone" ? refuse("nobody is here") : accept(undefined));
      },
      note: () => note,
      earlier: () => undefined,
    },
    setMemory: (next) => {
      memory = next;
    },
    setTransport: (next) => {
      transport = next;
    },
    setManners: (next) => {
      manners = next;
    },
    letLookIn: (next) => {
      if (whyNoLooks !== undefined) return Promise.resolve(refuse(whyNoLooks));
      letsLookIn = next;
      return Promise.resolve(accept(undefined));
    },
    tease: (name) =>
      Promise.resolve(
        name === "nobody"
          ? refuse("nobody is not here")
          : accept({ words: `teases ${name}`, way: "hand" as const, isKept: true }),
      ),
    play: (name, mine) =>
      Promise.resolve(
        name === "nobody"
          ? refuse("nobody is not here")
          : accept({ name, mine, theirs: "scissors" as const, outcome: "won" as const }),
      ),
    checkpoints: {
      ask: () => refuse("it takes 6 neighbours, and 0 are here."),
      chain: (name) => (name === "nobody" ? [] : [{ ...oneCheckpoint, id: `of ${name}` }]),
    },
    memories: () => memories,
    remember: (events) => {
      const news = events.filter(({ id }) => memories.every((known) => known.id !== id));
      memories.push(...news);
      const known = events.length - news.length;
      return Promise.resolve({
        added: news.length,
        dropped: known === 0 ? new Map() : new Map([["duplicate" as const, known]]),
      });
    },
  };
  const actor: Actor = {
    who,
    plazaUrl,
    memory: () => memory,
    transport: () => transport,
    manners: () => manners,
    letsLookIn: () => letsLookIn,
    refuseLooks: (why) => {
      whyNoLooks = why;
    },
    asked,
    memories,
    isAlive: () => asked.at(-1) === "start",
    hang: () => {
      hangs = true;
    },
    change: (delta) => {
      view = withDelta(view, delta);
      for (const listener of listeners) listener(delta);
    },
  };
  return { actor, nara };
}

/** Two pages, each without a line. */
const pageAfter = (cursor: string): MemoryPage => ({
  entries: [],
  cursor: cursor === "" ? "second" : "",
  total: 2,
});

const oneCheckpoint: CheckpointView = {
  ...{ id: "", asOfMs: 1, previousId: "", voters: [] },
  figures: { restarts: 0, uptimeS: 0, startedAtMs: 0 },
};

const noBelief: BeliefView = { belief: "restarts", value: 0, online: "", evidence: [], total: 0 };

export function firstView(
  who: Pick<Identity, "name" | "id" | "bondValid">,
  address: string,
): NaraView {
  const nobody = nobodyYet();
  return {
    ...nobody,
    me: {
      ...nobody.me,
      name: who.name,
      id: who.id,
      aura: { primary: "#000000", secondary: "#FFFFFF" },
      personality: { agreeableness: 1, sociability: 2, chill: 3 },
      gemstone: "💎",
      bondValid: who.bondValid,
    },
    plaza: { state: "connecting", address, attempt: 1 },
    memory: { ...nobody.memory, capacity: 20_000 },
  };
}
