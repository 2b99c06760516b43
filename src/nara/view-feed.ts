/**
 * Keeps what a page may know of a nara, and tells whoever watches of every change. What is told
 * is derived; nothing here is state of the nara's own but the timeline's last lines.
 */
import type { SyncEvent } from "./events/sync-event.ts";
import type { Identity } from "./identity/identity.ts";
import type { Cancel, Clock } from "./ports.ts";
import { lineOf } from "./recall.ts";
import type { DropReason } from "./runtime/drops.ts";
import type { KeyConflict } from "./runtime/keyring.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { isEvidence } from "./services/presence/evidence.ts";
import type { Neighbour } from "./services/presence/neighbourhood.ts";
import type { Presence } from "./services/presence/presence.ts";
import type { PresenceNote } from "./services/presence/state.ts";
import {
  type CheckpointsView,
  type GamesView,
  type MemoryView,
  type MeshView,
  type MeView,
  type NaraView,
  type NaraViewDelta,
  type NeighbourView,
  type PlazaView,
  type PostcardsView,
  type StashView,
  type TimelineEntry,
  timelineLength,
} from "./view.ts";

export interface ViewFeed {
  view(): NaraView;
  watch(listener: (delta: NaraViewDelta) => void): Cancel;
  meChanged(): void;
  neighbourChanged(name: string): void;
  neighbourGone(name: string): void;
  noted(note: PresenceNote): void;
  remembered(event: SyncEvent): void;
  /** Something was forgotten, or the room for memories is another. */
  memoryChanged(): void;
  plazaChanged(plaza: PlazaView): void;
  /** Something of the way from nara to nara is another. */
  meshChanged(): void;
  postcardsChanged(): void;
  stashChanged(): void;
  checkpointsChanged(): void;
  gamesChanged(): void;
  dropped(reason: DropReason): void;
  keyRefused(conflict: KeyConflict): void;
}

export interface ViewFeedParts {
  readonly identity: Identity;
  readonly clock: Pick<Clock, "nowNs" | "after">;
  readonly runtime: Runtime;
  readonly presence: Presence;
  memory(): MemoryView;
  mesh(): MeshView;
  postcards(): PostcardsView;
  stash(): StashView;
  checkpoints(): CheckpointsView;
  games(): GamesView;
}

/** A change of skew smaller than this is the network's, not a clock's. */
const tellingSkewMs = 1000;
/** Between two tellings of figures that are there to look at, not to read along. */
const figuresMs = 500;
/** What happened longer ago than this is no news: it is told where the memory is looked through. */
const newsNs = 3_600_000_000_000n;

/** @param parts asked for only once the nara is whole: feed, runtime and presence know each other. */
export function createViewFeed(parts: () => ViewFeedParts): ViewFeed {
  const watchers = new Set<(delta: NaraViewDelta) => void>();
  const timeline: TimelineEntry[] = [];
  let lines = 0;
  let toldMe = "";
  let toldSkewMs: number | null = null;
  let wasOpen = false;

  const tell = (delta: NaraViewDelta): void => {
    for (const watcher of [...watchers]) watcher(delta);
  };
  /** Tells a figure in a while, once, however often it changes until then. */
  const inAWhile = (delta: () => NaraViewDelta): (() => void) => {
    let isTelling = false;
    return () => {
      if (isTelling || watchers.size === 0) return;
      isTelling = true;
      parts().clock.after(figuresMs, () => {
        isTelling = false;
        tell(delta());
      });
    };
  };
  const nowMs = (): number => Number(parts().clock.nowNs() / 1_000_000n);

  const addLine = (
    line: Omit<TimelineEntry, "id" | "atMs"> & { id?: string; atMs?: number },
  ): void => {
    lines += 1;
    const entry = { id: `line-${lines}`, atMs: nowMs(), ...line };
    timeline.push(entry);
    if (timeline.length > timelineLength) timeline.shift();
    tell({ timeline: [entry] });
  };

  const conflictsChanged = (name: string): void => {
    if (parts().presence.neighbour(name)?.isMet === true) feed.neighbourChanged(name);
  };

  const feed: ViewFeed = {
    view() {
      const { runtime, presence } = parts();
      return {
        me: meView(parts()),
        neighbours: presence
          .neighbours()
          .filter(({ isMet }) => isMet)
          .map((neighbour) => neighbourView(neighbour, parts())),
        timeline: [...timeline],
        plaza: runtime.plaza(),
        mesh: parts().mesh(),
        postcards: parts().postcards(),
        stash: parts().stash(),
        checkpoints: parts().checkpoints(),
        games: parts().games(),
        drops: runtime.drops.all().filter(({ reason }) => !harmless.has(reason)),
        memory: parts().memory(),
        clockSkewMs: runtime.clockSkewMs(),
      };
    },
    watch(listener) {
      const watcher = (delta: NaraViewDelta): void => listener(delta);
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    meChanged() {
      if (watchers.size === 0) return;
      const me = meView(parts());
      const text = JSON.stringify(me);
      if (text !== toldMe) tell({ me });
      toldMe = text;
      const skewMs = parts().runtime.clockSkewMs();
      if (skewMs === toldSkewMs || Math.abs((skewMs ?? 0) - (toldSkewMs ?? 0)) < tellingSkewMs) {
        return;
      }
      toldSkewMs = skewMs;
      tell({ clockSkewMs: skewMs });
    },
    neighbourChanged(name) {
      if (watchers.size === 0) return;
      const neighbour = parts().presence.neighbour(name);
      if (neighbour?.isMet) tell({ neighbours: [neighbourView(neighbour, parts())] });
    },
    neighbourGone: (name) => tell({ gone: [name] }),
    noted: (note) => addLine(note),
    remembered(event) {
      feed.memoryChanged();
      if (event.svc === "ping" || (event.svc === "social" && isEvidence(event.payload))) return;
      if (parts().clock.nowNs() - event.tsNs > newsNs) return;
      const { tier } = parts().runtime.ledger.standingOf(event.id) ?? {};
      addLine({ ...lineOf(event), id: event.id, signed: tier === "proven" });
    },
    memoryChanged: inAWhile(() => ({ memory: parts().memory() })),
    postcardsChanged: inAWhile(() => ({ postcards: parts().postcards() })),
    checkpointsChanged: inAWhile(() => ({ checkpoints: parts().checkpoints() })),
    gamesChanged: () => tell({ games: parts().games() }),
    stashChanged: inAWhile(() => ({ stash: parts().stash() })),
    meshChanged: inAWhile(() => ({ mesh: parts().mesh() })),
    plazaChanged(plaza) {
      tell({ plaza });
      if (plaza.state === "open") {
        addLine({
          ...plazaLine,
          icon: "⛲",
          text: "you step onto the plaza",
          detail: plaza.address,
        });
      } else if (wasOpen) {
        const detail = plaza.state === "offline" ? plaza.reason : "";
        addLine({ ...plazaLine, icon: "🌧️", text: "the plaza is out of reach", detail });
      }
      wasOpen = plaza.state === "open";
    },
    dropped(reason) {
      if (harmless.has(reason)) return;
      const count = parts()
        .runtime.drops.all()
        .find((drop) => drop.reason === reason);
      if (count !== undefined) tell({ drops: [count] });
    },
    keyRefused({ name, times }) {
      conflictsChanged(name);
      if (times > 1) return;
      addLine({
        kind: "key-conflict",
        about: name,
        icon: "🎭",
        text: `somebody else calls itself ${name}`,
        detail: "another key than the one you know: not believed",
        signed: false,
      });
    },
  };
  return feed;
}

/**
 * No refusals worth showing: the plaza plays everything back to whoever said it, everyone hears the
 * howdys of all, and zines tell again what was told before, by now outlived perhaps.
 */
const harmless: ReadonlySet<string> = new Set<DropReason>([
  "own_echo",
  "not_for_me",
  "duplicate",
  "outlived",
]);

const plazaLine = { kind: "plaza", about: "", signed: false };

function meView({ identity, runtime, presence }: ViewFeedParts): MeView {
  const own = presence.own;
  return {
    name: identity.name,
    id: identity.id,
    aura: own.aura(),
    personality: identity.personality,
    flair: own.flair(),
    barrio: own.barrio(),
    trend: own.trend().name,
    trendEmoji: own.trend().emoji,
    buzz: own.buzz(),
    chattiness: own.chattiness(),
    gemstone: identity.gemstone,
    publicKey: runtime.me.publicKey,
    bondValid: identity.bondValid,
    booting: own.booting(),
    bornAtMs: own.observation().lastRestartS * 1000,
  };
}

function neighbourView(neighbour: Neighbour, { presence, runtime }: ViewFeedParts): NeighbourView {
  const { name, status, observation, greetedMe } = neighbour;
  return {
    name,
    id: status.id,
    aura: status.aura,
    personality: status.personality,
    flair: status.flair,
    barrio: presence.own.barrioOf(neighbour),
    trend: status.trend,
    trendEmoji: status.trendEmoji,
    buzz: status.buzz,
    chattiness: status.chattiness,
    publicKey: status.publicKey,
    online: observation.online,
    lastSeenAtMs: observation.lastSeenS * 1000,
    startedAtMs: observation.startTimeS * 1000,
    lastRestartAtMs: observation.lastRestartS * 1000,
    restarts: observation.restarts,
    version: status.version,
    memoryMode: status.memoryMode,
    greetedMe,
    keyConflicts: runtime.keyring.conflictsOf(name),
  };
}
