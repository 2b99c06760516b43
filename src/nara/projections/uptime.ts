/**
 * How long naras have been up: what a checkpoint counts, and since then what was seen of their
 * comings and goings (docs/protocol/events-and-ledger.md §5, Uptime).
 */
import type { CheckpointPayload } from "../events/checkpoint.ts";
import type { SyncEvent, SyncEventOf } from "../events/sync-event.ts";
import { latestCheckpoint } from "../ledger/latest-checkpoint.ts";
import { plausibleTimeS, secondsOf } from "./plausible.ts";
import type { Reason } from "./provenance.ts";
import { byTime, createSortedList, type SortedList } from "./sorted-list.ts";

export interface Uptimes {
  feed(event: SyncEvent): void;
  /** The event is no longer remembered. */
  forget(event: SyncEvent): void;
  /** Seconds until `nowS`, Unix seconds. */
  uptimeOf(subject: string, nowS: number): number;
  /** Seconds between `afterS` (everything from 0 down) and `nowS`, both Unix seconds; by what was seen alone. */
  uptimeAfter(subject: string, afterS: number, nowS: number): number;
  /** The latest checkpoint about a nara; of those equally late the first that came. */
  checkpointOf(subject: string): SyncEventOf<"checkpoint"> | undefined;
  /** What it is made of, newest first. */
  why(subject: string): readonly Reason[];
}

interface Life {
  readonly changes: SortedList<SyncEvent>;
  /** In order of arrival. */
  readonly checkpoints: SyncEventOf<"checkpoint">[];
  readonly backfills: SyncEventOf<"observation">[];
  /** Undefined while something changed since it was counted. */
  counted: Counted | undefined;
}

/** Uptime as a function of now. */
interface Counted {
  /** Changes up to then do not count; 0 when all do. Unix seconds. */
  readonly afterS: number;
  readonly closedS: number;
  /** Since when it is up, Unix seconds; undefined while it is not. */
  readonly openSinceS: number | undefined;
}

export function createUptimes(): Uptimes {
  const lives = new Map<string, Life>();

  const lifeOf = (subject: string): Life => {
    const life = lives.get(subject) ?? newLife();
    lives.set(subject, life);
    return life;
  };

  const checkpointOf = (subject: string): SyncEventOf<"checkpoint"> | undefined =>
    latestCheckpoint(lives.get(subject)?.checkpoints ?? []);

  return {
    feed(event) {
      const kind = kindOf(event);
      if (kind === undefined) return;
      const life = lifeOf(subjectOf(event));
      if (kind === "change") {
        life.changes.add(event);
        const isNewest = life.changes.last() === event;
        if (life.counted !== undefined)
          life.counted = isNewest ? step(life.counted, event) : undefined;
        return;
      }
      life.counted = undefined;
      if (event.svc === "checkpoint") life.checkpoints.push(event);
      else if (event.svc === "observation") life.backfills.push(event);
    },
    forget(event) {
      const kind = kindOf(event);
      const subject = subjectOf(event);
      const life = lives.get(subject);
      if (kind === undefined || life === undefined) return;
      life.counted = undefined;
      if (kind === "change") life.changes.remove(event);
      else takeOut(kind === "checkpoint" ? life.checkpoints : life.backfills, event.id);
      if (isEmpty(life)) lives.delete(subject);
    },
    uptimeOf(subject, nowS) {
      const life = lives.get(subject);
      if (life === undefined) return 0;
      life.counted ??= count(life);
      return until(life.counted, nowS);
    },
    uptimeAfter(subject, afterS, nowS) {
      const changes = lives.get(subject)?.changes.items() ?? [];
      return until(walk(changes, { ...nothingCounted, afterS }), nowS);
    },
    checkpointOf,
    why(subject) {
      const life = lives.get(subject);
      return life === undefined ? [] : reasonsOf(life);
    },
  };
}

const newLife = (): Life => ({
  changes: createSortedList<SyncEvent>(byTime("after")),
  checkpoints: [],
  backfills: [],
  counted: nothingCounted,
});

const isEmpty = ({ changes, checkpoints, backfills }: Life): boolean =>
  changes.size === 0 && checkpoints.length === 0 && backfills.length === 0;

/** What an event is to an uptime; undefined when it is nothing. */
function kindOf(event: SyncEvent): "checkpoint" | "change" | "backfill" | undefined {
  if (event.svc === "checkpoint") return "checkpoint";
  if (event.svc !== "observation") return undefined;
  if (event.payload.type === "status-change") return "change";
  return event.payload.is_backfill ? "backfill" : undefined;
}

function subjectOf(event: SyncEvent): string {
  return event.svc === "checkpoint" || event.svc === "observation" ? event.payload.subject : "";
}

function takeOut(events: { readonly id: string }[], id: string): void {
  const at = events.findIndex((event) => event.id === id);
  if (at >= 0) events.splice(at, 1);
}

/** Up since when, by the first backfill that came; undefined without one that could be. */
function backfilledSinceS({ backfills }: Life): number | undefined {
  const first = backfills[0];
  if (first === undefined) return undefined;
  return plausibleTimeS(first.payload.start_time, first.tsNs) || undefined;
}

function count(life: Life): Counted {
  const checkpoint = latestCheckpoint(life.checkpoints)?.payload;
  const from: Counted =
    checkpoint === undefined
      ? { ...nothingCounted, openSinceS: backfilledSinceS(life) }
      : {
          afterS: asOfS(checkpoint),
          closedS: countedUptimeS(checkpoint),
          openSinceS: undefined,
        };
  return walk(life.changes.items(), from);
}

const asOfS = ({ as_of_time }: CheckpointPayload): number => Number(as_of_time);
const countedUptimeS = ({ observation }: CheckpointPayload): number =>
  Number(observation.total_uptime);

/** @param changes in order of time. */
function walk(changes: readonly SyncEvent[], from: Counted): Counted {
  let counted = from;
  for (const change of changes) counted = step(counted, change);
  return counted;
}

function step(counted: Counted, change: SyncEvent): Counted {
  const { afterS, closedS, openSinceS } = counted;
  const isOpen = openSinceS !== undefined;
  if (isUp(change) === isOpen) return counted;
  const atS = secondsOf(change.tsNs);
  if (afterS > 0 && atS <= afterS) return counted;
  return isOpen
    ? { afterS, closedS: closedS + atS - openSinceS, openSinceS: undefined }
    : { afterS, closedS, openSinceS: atS };
}

const nothingCounted: Counted = { afterS: 0, closedS: 0, openSinceS: undefined };

const until = ({ closedS, openSinceS }: Counted, nowS: number): number =>
  openSinceS === undefined ? closedS : closedS + nowS - openSinceS;

const isUp = (change: SyncEvent): boolean =>
  change.svc === "observation" && change.payload.online_state === "ONLINE";

/** Changes that change nothing, and all that a checkpoint covers, are superseded. */
function reasonsOf(life: Life): readonly Reason[] {
  const checkpoint = latestCheckpoint(life.checkpoints);
  const reasons: Reason[] = life.checkpoints.map((event) => ({
    id: event.id,
    share: event === checkpoint ? "kept" : "superseded",
    voice: "",
    value: countedUptimeS(event.payload),
  }));
  const sinceS = checkpoint === undefined ? backfilledSinceS(life) : undefined;
  life.backfills.forEach(({ id, tsNs, payload }, index) => {
    const share = index === 0 && sinceS !== undefined ? "kept" : "superseded";
    const value = plausibleTimeS(payload.start_time, tsNs);
    reasons.push({ id, share, voice: payload.observer, value });
  });
  let wasUp = sinceS !== undefined;
  for (const change of life.changes.items()) {
    const value = secondsOf(change.tsNs);
    const isCovered = checkpoint !== undefined && value <= asOfS(checkpoint.payload);
    const isNews = !isCovered && isUp(change) !== wasUp;
    if (isNews) wasUp = !wasUp;
    const voice = change.svc === "observation" ? change.payload.observer : "";
    reasons.push({ id: change.id, share: isNews ? "kept" : "superseded", voice, value });
  }
  return reasons.reverse();
}
