/**
 * When a nara teases another, and why: the first reason that holds
 * (docs/protocol/presence-and-life.md §7; docs/protocol/tables/tease-reasons.json).
 */
import { utf8 } from "../../codec/utf8.ts";
import type { SyncEvent } from "../../events/sync-event.ts";
import { hash64 } from "../../identity/hash64.ts";
import type { OnlineState, Personality } from "../../view.ts";
import { noticesNumber } from "./nice-numbers.ts";

export type TeaseReason = "high-restarts" | "nice-number" | "comeback" | "trend-abandon" | "random";

/** What I know about somebody I have just seen. Times in Unix seconds. */
export interface TeaseOccasion {
  readonly target: string;
  readonly nowS: number;
  readonly restarts: number;
  /** 0 while unknown, which counts from 1970. */
  readonly startTimeS: number;
  readonly online: OnlineState;
  readonly onlineBefore: OnlineState;
  /** "" for none. */
  readonly trend: string;
  readonly trendBefore: string;
  /** Share of all online naras, 0–1, that follow `trendBefore`. */
  readonly shareOfTrendBefore: number;
  readonly isInMyBarrio: boolean;
}

/** Who looks. */
export interface Teaser {
  readonly soulText: string;
  readonly personality: Personality;
}

const dayS = 86_400;
/** In one's own barrio a random tease is so many times as likely. */
const barrioBoost = 3;
/** Another's tease of the same target for the same reason makes mine needless for so long. */
const pileOnNs = 30_000_000_000n;

export function teaseReason(me: Teaser, seen: TeaseOccasion): TeaseReason | undefined {
  const { personality } = me;
  if (restartsOften(personality, seen)) return "high-restarts";
  if (noticesNumber(seen.restarts, personality.sociability)) return "nice-number";
  if (isComeback(personality, seen.onlineBefore, seen.online)) return "comeback";
  if (leftTrend(personality, seen.trendBefore, seen.trend, seen.shareOfTrendBefore)) {
    return "trend-abandon";
  }
  const boost = seen.isInMyBarrio ? barrioBoost : 1;
  return teasesAtRandom(me, seen.target, seen.nowS, boost) ? "random" : undefined;
}

/** All but random teases wait, and are left unsaid when somebody else was quicker. */
export const waitsForOthers = (reason: TeaseReason): boolean => reason !== "random";

/** Whether another has just said it; a time ahead counts. */
export const saidByAnother = (
  events: readonly SyncEvent[],
  { me, target, reason }: { readonly me: string; readonly target: string; readonly reason: string },
  nowNs: bigint,
): boolean =>
  events.some(
    (event) =>
      event.svc === "social" &&
      event.payload.type === "tease" &&
      event.payload.actor !== me &&
      event.payload.target === target &&
      event.payload.reason === reason &&
      event.tsNs > nowNs - pileOnNs,
  );

/** Restarts a day beyond what the observer lets pass; never in the first day. */
export function restartsOften(
  { agreeableness, sociability, chill }: Personality,
  { restarts, startTimeS, nowS }: Pick<TeaseOccasion, "restarts" | "startTimeS" | "nowS">,
): boolean {
  const knownS = nowS - startTimeS;
  if (knownS < dayS) return false;
  const tolerated = 2 - sociability / 200 + chill / 100 + agreeableness / 200;
  return restarts / (knownS / dayS) >= Math.max(0.5, tolerated);
}

export const isComeback = (
  { sociability }: Pick<Personality, "sociability">,
  before: OnlineState,
  now: OnlineState,
): boolean => before === "MISSING" && now === "ONLINE" && sociability > 40;

/** @param share of all online naras that follow the trend that was left, 0–1. */
export const leftTrend = (
  { agreeableness, sociability }: Personality,
  before: string,
  now: string,
  share: number,
): boolean =>
  before !== "" && now !== before && share >= 0.3 - sociability / 500 && agreeableness <= 70;

/** One roll per observer, target and second. */
export function teasesAtRandom(
  { soulText, personality }: Teaser,
  target: string,
  nowS: number,
  boost: number,
): boolean {
  const roll = Number(hash64(utf8(`${soulText}${target}${nowS}`)) % 1000n);
  const { sociability, chill } = personality;
  const chance = (10 + Math.trunc(sociability / 10) - Math.trunc(chill / 20)) * boost;
  return roll < Math.trunc(Math.min(50, chance));
}
