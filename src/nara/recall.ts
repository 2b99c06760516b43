/**
 * What a page may ask of a nara's memory: all of it, page by page, newest first; what is believed
 * of a nara, with the events behind it; how much is held and how much was forgotten.
 */
import type { EventService } from "./events/event-kinds.ts";
import { actorOf, type SyncEvent, targetOf, tellEvent } from "./events/sync-event.ts";
import type { MemoryMode } from "./identity/memory-mode.ts";
import type { Ledger } from "./ledger/ledger-types.ts";
import type { Clock } from "./ports.ts";
import type { Projections } from "./projections/projections.ts";
import type { Belief, Reason } from "./projections/provenance.ts";
import { isEvidence } from "./services/presence/evidence.ts";
import {
  type BeliefView,
  type EvidenceView,
  evidenceShown,
  type MemoryOfKind,
  type MemoryPage,
  type MemoryQuery,
  type MemoryView,
  type TimelineEntry,
} from "./view.ts";

export interface Recall {
  page(query: MemoryQuery): MemoryPage;
  /** What the events tell of a nara, each belief with its evidence. */
  beliefs(name: string): readonly BeliefView[];
  memory(mode: MemoryMode): MemoryView;
}

export interface RecallParts {
  readonly clock: Pick<Clock, "nowNs">;
  readonly ledger: Remembered;
  readonly projections: Projections;
}

type Remembered = Pick<
  Ledger,
  | "capacity"
  | "count"
  | "countNaming"
  | "countsByService"
  | "forgotten"
  | "get"
  | "newest"
  | "standingOf"
  | "vouchedCount"
>;

/** Lines of one page; a page of the protocol is a message, which must stay small. */
const mostLines = 500;

export function createRecall({ clock, ledger, projections }: RecallParts): Recall {
  const entryOf = (event: SyncEvent): TimelineEntry => ({
    ...lineOf(event),
    id: event.id,
    atMs: Number(event.tsNs / 1_000_000n),
    signed: ledger.standingOf(event.id)?.tier === "proven",
  });

  const amount = (name: string, belief: Belief, nowS: number): number => {
    switch (belief) {
      case "online":
        return projections.online.statusOf(name, clock.nowNs()) === "ONLINE" ? 1 : 0;
      case "clout":
        return projections.clout.scoreOf(name, nowS);
      case "start-time":
        return projections.opinions.opinionOf(name, nowS).startTimeS;
      case "restarts":
        return projections.opinions.opinionOf(name, nowS).restarts;
      case "last-restart":
        return projections.opinions.opinionOf(name, nowS).lastRestartS;
      case "uptime":
        return projections.uptimes.uptimeOf(name, nowS);
    }
  };

  const evidenceOf = ({ id, share, voice, value }: Reason): readonly EvidenceView[] => {
    const event = ledger.get(id);
    return event === undefined ? [] : [{ ...entryOf(event), share, voice, value }];
  };

  return {
    page({ kinds, name, cursor, limit }) {
      const from = readCursor(cursor);
      const fits = ofKinds(kinds);
      const named = name === "" ? undefined : (other: string) => other.includes(name);
      const total = named === undefined ? countOf(ledger, kinds) : ledger.countNaming(named, fits);
      const lines = Math.max(1, Math.min(limit, mostLines));
      const skipped = from?.given ?? 0;
      const most = Math.min(skipped + lines + 1, total);
      const found = ledger.newest(most, fits, { upToNs: from?.tsNs, named }).slice(skipped);
      const given = found.slice(0, lines);
      return {
        entries: given.map(entryOf),
        cursor: found.length > lines ? cursorAfter(given, from) : "",
        total,
      };
    },
    beliefs(name) {
      const nowS = Number(clock.nowNs() / 1_000_000_000n);
      return everyBelief.map((belief) => {
        const reasons = projections.why(name, belief);
        return {
          belief,
          value: amount(name, belief, nowS),
          online: belief === "online" ? projections.online.statusOf(name, clock.nowNs()) : "",
          evidence: reasons.slice(0, evidenceShown).flatMap(evidenceOf),
          total: reasons.length,
        };
      });
    },
    memory: (mode) => ({
      mode,
      capacity: ledger.capacity,
      held: ledger.count(),
      hearsay: ledger.vouchedCount(),
      kinds: kindsIn(ledger),
    }),
  };
}

/** What a line of the timeline says of an event. */
export function lineOf(event: SyncEvent): Omit<TimelineEntry, "id" | "atMs" | "signed"> {
  const telling =
    event.svc === "social" && isEvidence(event.payload)
      ? { icon: "🕯️", text: `${event.payload.actor} is still here`, detail: "a light in the window" }
      : tellEvent(event);
  return { ...telling, kind: event.svc, about: actorOf(event) || targetOf(event) };
}

const everyBelief: readonly Belief[] = [
  "online",
  "start-time",
  "restarts",
  "last-restart",
  "uptime",
  "clout",
];

/** Where a page ended: at that time, after so many of the events that fit and bear it. */
interface Cursor {
  readonly tsNs: bigint;
  readonly given: number;
}

function readCursor(text: string): Cursor | undefined {
  const parts = /^(-?\d{1,19})\+(\d{1,9})$/.exec(text);
  if (parts === null) return undefined;
  return { tsNs: BigInt(parts[1] ?? 0), given: Number(parts[2]) };
}

function cursorAfter(given: readonly SyncEvent[], from: Cursor | undefined): string {
  const tsNs = given.at(-1)?.tsNs ?? 0n;
  const ofThatTime = given.filter((event) => event.tsNs === tsNs).length;
  const before = from?.tsNs === tsNs ? from.given : 0;
  return `${tsNs}+${before + ofThatTime}`;
}

function ofKinds(kinds: readonly string[]): (event: SyncEvent) => boolean {
  const wanted = new Set(kinds);
  return wanted.size === 0 ? () => true : ({ svc }) => wanted.has(svc);
}

function countOf(ledger: Remembered, kinds: readonly string[]): number {
  if (kinds.length === 0) return ledger.count();
  const held: ReadonlyMap<string, number> = ledger.countsByService();
  return [...new Set(kinds)].reduce((sum, kind) => sum + (held.get(kind) ?? 0), 0);
}

function kindsIn(ledger: Remembered): readonly MemoryOfKind[] {
  const held = ledger.countsByService();
  return Object.entries(ledger.forgotten())
    .map(([kind, reasons]) => ({
      kind,
      held: held.get(kind as EventService) ?? 0,
      forgotten: Object.fromEntries(
        Object.entries(reasons).filter(([, count]) => count > 0),
      ) as MemoryOfKind["forgotten"],
    }))
    .filter((of) => of.held > 0 || Object.keys(of.forgotten).length > 0)
    .sort((one, other) => (one.kind < other.kind ? -1 : 1));
}
