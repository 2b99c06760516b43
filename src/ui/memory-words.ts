/** How the page puts what is remembered, forgotten and believed. Fetched with the rooms that say it. */
import type { MemoryMode } from "../nara/identity/memory-mode.ts";
import type { ForgetReason } from "../nara/ledger/ledger-types.ts";
import type { Belief, Share } from "../nara/projections/provenance.ts";
import type { BeliefView, EvidenceView, NeighbourView } from "../nara/view.ts";
import { ago, onlineWord, span } from "./words.ts";

/** Every kind of event there is, as it is called on the plaza, in the order of the pills. */
export const kinds = [
  "social",
  "ping",
  "observation",
  "seen",
  "hey-there",
  "chau",
  "checkpoint",
] as const;

export const kindWord = (kind: string): string => (kind === "hey-there" ? "hey there" : kind);

export const forgetReasons: readonly ForgetReason[] = [
  "capacity",
  "ping_retention",
  "compaction",
  "removed",
  "replaced",
];

/** Why something was forgotten (src/nara/ledger/ledger-types.ts, ForgetReason). */
export const forgetWord = (reason: ForgetReason): string =>
  ({
    capacity: "there was no more room",
    ping_retention: "a newer ping said the same",
    compaction: "the same witness said enough of it",
    removed: "its nara is long gone",
    replaced: "a better proved copy came",
  })[reason];

/** What each way of remembering keeps (src/nara/identity/memory-mode.ts). */
export const modeMeaning = (mode: MemoryMode): string =>
  ({
    short: "the last 20 000 events; light, good for a page among many",
    medium: "80 000 events, about 50 MB",
    hog: "320 000 events, about 200 MB; never forgets a face",
    custom: "a number of your own",
  })[mode];

export const shareWord = (share: Share): string =>
  ({ kept: "counts", outlier: "too far off", superseded: "outdated" })[share];

export const shareMeaning = (share: Share): string =>
  ({
    kept: "it is part of what I believe",
    outlier: "too far from what the others say, so it is not heard",
    superseded: "something newer or better proved took its place",
  })[share];

export const beliefWord = (belief: Belief): string =>
  ({
    online: "is it here?",
    "start-time": "first came",
    restarts: "restarts",
    "last-restart": "last woke up",
    uptime: "time awake",
    clout: "clout",
  })[belief];

const nobodyKnows = "nobody remembers";

/** A belief's value, or that of one witness, in words. */
export const valueWord = (belief: Belief, value: number, nowMs: number): string => {
  switch (belief) {
    case "online":
      return value > 0 ? "here" : "not here";
    case "start-time":
    case "last-restart":
      return value > 0 ? ago(nowMs, value * 1000) : nobodyKnows;
    case "restarts":
      return String(value);
    case "uptime":
      return value > 0 ? span(value * 1000) : nobodyKnows;
    case "clout":
      return pointsWord(value);
  }
};

/**
 * What the page shows of a neighbour everywhere else, where it shows it; undefined for beliefs
 * that come from events alone.
 */
export const shownWord = (
  belief: Belief,
  { online, startedAtMs, restarts, lastRestartAtMs }: NeighbourView,
  nowMs: number,
): string | undefined => {
  const when = (atMs: number): string => (atMs > 0 ? ago(nowMs, atMs) : nobodyKnows);
  switch (belief) {
    case "online":
      return onlineWord(online);
    case "start-time":
      return when(startedAtMs);
    case "restarts":
      return String(restarts);
    case "last-restart":
      return when(lastRestartAtMs);
    default:
      return undefined;
  }
};

/** What the events amount to, in words. */
export const amountWord = ({ belief, value, online }: BeliefView, nowMs: number): string =>
  belief === "online" ? onlineWord(online) : valueWord(belief, value, nowMs);

/** "bob: 7": one witness and what it says; what moves uptime speaks for itself. */
export const witnessWord = (
  belief: Belief,
  { voice, value }: Pick<EvidenceView, "voice" | "value">,
  nowMs: number,
): string => {
  if (belief === "uptime" && voice !== "") return voice;
  return `${voice || "many witnesses"}: ${valueWord(belief, value, nowMs)}`;
};

const pointsWord = (points: number): string => {
  const rounded = Math.round(points * 10) / 10;
  return `${rounded > 0 ? "+" : ""}${rounded}`;
};
