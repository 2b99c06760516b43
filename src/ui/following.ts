/**
 * How a page follows its nara: the snapshot once, then deltas without a gap (src/worker/protocol.ts).
 * Pure: takes what is known and one message, gives what is known now and whether to say hello again.
 */
import type { NaraView, NaraViewDelta, NeighbourView } from "../nara/view.ts";
import {
  type HostState,
  protocolVersion,
  type ToPage,
  timelineLength,
} from "../worker/protocol.ts";

export interface Followed {
  /** "" until the host's welcome. */
  readonly epoch: string;
  /** Of the last state or delta. */
  readonly seq: number;
  readonly host: HostState;
}

export type Step =
  | { readonly kind: "same" }
  | { readonly kind: "followed"; readonly followed: Followed }
  /** Something was missed, or the host is another one. */
  | { readonly kind: "lost" }
  /** The host is of another deploy. */
  | { readonly kind: "outdated" };

export const nothingFollowed: Followed = { epoch: "", seq: 0, host: { life: "waking" } };

export const follow = (known: Followed, message: ToPage): Step => {
  switch (message.type) {
    case "welcome":
      if (message.protocol !== protocolVersion) return { kind: "outdated" };
      return message.epoch === known.epoch
        ? { kind: "same" }
        : { kind: "followed", followed: { ...known, epoch: message.epoch, seq: 0 } };
    case "state":
      return {
        kind: "followed",
        followed: { epoch: message.epoch, seq: message.seq, host: message.state },
      };
    case "delta": {
      if (message.epoch !== known.epoch) return { kind: "lost" };
      if (message.seq <= known.seq) return { kind: "same" };
      if (message.seq !== known.seq + 1 || known.host.life !== "living") return { kind: "lost" };
      const host = { ...known.host, view: withDelta(known.host.view, message.delta) };
      return { kind: "followed", followed: { ...known, seq: message.seq, host } };
    }
    case "result":
      return { kind: "same" };
  }
};

/** The view of nobody, before the first snapshot. A new one each time: a store may write into it. */
export const nobodyYet = (): NaraView => ({
  me: {
    name: "",
    id: "",
    aura: { primary: "", secondary: "" },
    personality: { agreeableness: 50, sociability: 50, chill: 50 },
    flair: "",
    barrio: { name: "", emoji: "" },
    trend: "",
    trendEmoji: "",
    buzz: 0,
    chattiness: 0,
    gemstone: "",
    publicKey: "",
    bondValid: true,
    booting: true,
    bornAtMs: 0,
  },
  neighbours: [],
  timeline: [],
  plaza: { state: "connecting", address: "", attempt: 0 },
  mesh: {
    address: "",
    trouble: "",
    chosen: "auto",
    letsLookIn: false,
    mode: "mqtt",
    missing: [],
    peers: 0,
    zines: { given: 0, taken: 0, lastGivenAtMs: 0, lastTakenAtMs: 0 },
    remembering: null,
    remembered: null,
  },
  postcards: { underWay: [], home: [], carried: 0 },
  stash: {
    search: "searching",
    savedAtMs: 0,
    hasEarlier: false,
    confidants: [],
    wanted: 3,
    trouble: "",
    keeping: { owners: 0, bytes: 0, room: 0 },
  },
  checkpoints: { ballot: null, answers: [] },
  games: { won: 0, lost: 0, drawn: 0 },
  drops: [],
  memory: { mode: "short", capacity: 0, held: 0, hearsay: 0, kinds: [] },
  clockSkewMs: null,
});

/** The view after a delta. Untouched parts keep their identity. */
export const withDelta = (view: NaraView, delta: NaraViewDelta): NaraView => ({
  me: delta.me ?? view.me,
  neighbours: withNeighbours(view.neighbours, delta),
  timeline:
    delta.timeline === undefined
      ? view.timeline
      : [...view.timeline, ...delta.timeline].slice(-timelineLength),
  plaza: delta.plaza ?? view.plaza,
  mesh: delta.mesh ?? view.mesh,
  postcards: delta.postcards ?? view.postcards,
  stash: delta.stash ?? view.stash,
  checkpoints: delta.checkpoints ?? view.checkpoints,
  games: delta.games ?? view.games,
  memory: delta.memory ?? view.memory,
  drops: merged(view.drops, delta.drops, ({ reason }) => reason),
  clockSkewMs: delta.clockSkewMs === undefined ? view.clockSkewMs : delta.clockSkewMs,
});

/** Who is named both gone and here went and came back. */
const withNeighbours = (
  known: readonly NeighbourView[],
  { neighbours, gone }: NaraViewDelta,
): readonly NeighbourView[] => {
  const names = new Set(gone);
  const left = names.size === 0 ? known : known.filter(({ name }) => !names.has(name));
  return merged(left, neighbours, ({ name }) => name);
};

const merged = <Part>(
  known: readonly Part[],
  changed: readonly Part[] | undefined,
  keyOf: (part: Part) => string,
): readonly Part[] => {
  if (changed === undefined || changed.length === 0) return known;
  const byKey = new Map(known.map((part) => [keyOf(part), part]));
  for (const part of changed) byKey.set(keyOf(part), part);
  return [...byKey.values()];
};
