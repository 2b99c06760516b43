/**
 * Flair: one string of emoji that tells a nara's standing, tastes and mood, in a fixed order
 * (docs/protocol/identity.md §4). Receivers show it as it was sent.
 */
import { compareUtf8, utf8 } from "../codec/utf8.ts";
import type { OnlineState } from "../view.ts";
import { createGoRand } from "./go-rand.ts";
import { hash64 } from "./hash64.ts";
import { pick } from "./pick.ts";
import { personalFlairPool } from "./words.ts";

/** What is known of a nara's life; 0 where nothing is. Times are Unix seconds. */
export interface FlairRecord {
  readonly startTimeS: number;
  readonly restarts: number;
}

export interface FlairSelf extends FlairRecord {
  readonly lastSeenS: number;
  readonly lastRestartS: number;
}

export interface FlairPeer {
  readonly name: string;
  readonly observation: FlairRecord & { readonly online: OnlineState };
}

/** The machine; a browser has none but the last two, which are ours (docs/differences.md). */
export interface FlairHost {
  /** Full host name; "" for none. */
  readonly hostname: string;
  readonly raspberryPi: boolean;
  readonly nixOs: boolean;
  readonly kubernetes: boolean;
  /** A tab of a browser. */
  readonly browser?: boolean;
  /** A phone or tablet. */
  readonly phone?: boolean;
}

export interface FlairSituation {
  readonly name: string;
  readonly bondValid: boolean;
  readonly gemstone: string;
  /** From `personalFlair`. */
  readonly personalFlair: string;
  readonly host: FlairHost;
  /** "" for none. */
  readonly trend: string;
  readonly trendEmoji: string;
  readonly self: FlairSelf;
  /** Every other nara known, in any state. */
  readonly peers: readonly FlairPeer[];
  /** Whether a peer of that name lives in my barrio; asked of few, as finding out takes long. */
  isNextDoor(name: string): boolean;
  /** 0–100. */
  readonly chattiness: number;
  /** Load of one minute, per core; undefined where nobody can tell. */
  readonly loadAvg: number | undefined;
  /** Its person wants quiet just now; a badge of ours. */
  readonly quiet?: boolean;
}

/** Below this uptime a nara is booting (docs/protocol/presence-and-life.md §3). */
const bootingS = 120;
/** Below this uptime it is a baby (§4.4). */
const babyS = 6 * 3600;
/** The oldest of all and of the barrio, the youngest, who restarted most: mine unless a rival leads (§4.3). */
const ranks = ["🧓", "👑", "🐤", "🐦", "🔁"] as const;
/** Ranks need more peers than this (§4.3). */
const tooFewToRank = 2;

export function flairOf(situation: FlairSituation): string {
  return [
    situation.bondValid ? situation.gemstone : "👤",
    hostFlair(situation),
    situation.trend === "" ? "" : situation.trendEmoji,
    situation.personalFlair,
    rankFlair(situation),
    moodFlair(situation),
  ].join("");
}

/** One to four tastes, more for the sociable; always the same for a name (§4.2). */
export function personalFlair(name: string, sociability: number): string {
  const random = createGoRand(hash64(utf8(name)));
  const count = Math.trunc(sociability / 31) + 1;
  let flair = "";
  for (let drawn = 0; drawn < count; drawn++) {
    flair += pick(personalFlairPool, random.intn(personalFlairPool.length));
  }
  return flair;
}

function hostFlair({ name, host }: FlairSituation): string {
  return [
    name === host.hostname ? "🧑‍🚀" : "",
    host.raspberryPi ? "🍓" : "",
    host.nixOs ? "❄️" : "",
    host.kubernetes ? "🐳" : "",
    host.browser ? "🪟" : "",
    host.phone ? "📱" : "",
  ].join("");
}

function rankFlair({ name, self, peers, isNextDoor }: FlairSituation): string {
  if (peers.length <= tooFewToRank) {
    return "";
  }
  if (self.startTimeS === 0) {
    return "🤔";
  }
  if (self.startTimeS < 0) {
    return "";
  }
  const lost = new Set<(typeof ranks)[number]>();
  for (const { name: rival, observation } of peers) {
    if (observation.online !== "ONLINE") continue;
    // Whose value is unknown (0) outranks nobody.
    const { startTimeS, restarts } = observation;
    if (startTimeS > 0 && leads(self.startTimeS - startTimeS, rival, name)) {
      lost.add("🧓");
      if (!lost.has("👑") && isNextDoor(rival)) lost.add("👑");
    }
    if (startTimeS > 0 && leads(startTimeS - self.startTimeS, name, rival)) {
      lost.add("🐤");
      if (!lost.has("🐦") && isNextDoor(rival)) lost.add("🐦");
    }
    if (restarts > 0 && leads(restarts - self.restarts, rival, name)) lost.add("🔁");
  }
  return ranks.filter((rank) => !lost.has(rank)).join("");
}

function moodFlair({ chattiness, loadAvg = Number.NaN, quiet, self }: FlairSituation): string {
  const uptimeS = self.lastSeenS - self.lastRestartS;
  const load = loadAvg <= 0.1 ? "🆒" : "";
  return [
    chattiness >= 80 ? "💬" : "",
    loadAvg >= 0.8 ? "📈" : load,
    uptimeS < babyS ? "👶" : "",
    uptimeS < bootingS ? "📡" : "",
    quiet ? "🌙" : "",
  ].join("");
}

/** Ties go to the smaller name; for youth, to the larger (§4.3). */
const leads = (lead: number, smaller: string, larger: string): boolean =>
  lead > 0 || (lead === 0 && compareUtf8(smaller, larger) < 0);
