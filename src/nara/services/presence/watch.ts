/**
 * Watching over the others: who fell silent.
 * (docs/protocol/presence-and-life.md §5)
 *
 * Judgement is held while I could not have heard anybody: after a sleep, and while the plaza is
 * away. A tab that slept for a night accuses nobody (presence-and-life, Traps; docs/differences.md).
 */

import { canCall } from "../reachable.ts";
import { evidencePeriodMs, missingAfterS } from "./evidence.ts";
import { isReportedMissing } from "./missing-report.ts";
import type { Neighbour } from "./neighbourhood.ts";
import { sayObserved } from "./reports.ts";
import { nowS, type PresenceState } from "./state.ts";
import type { Verification } from "./verification.ts";

export interface Watch {
  plazaOpened(): void;
  /** Looks who fell silent; asked about once a second. */
  look(): void;
  /** I slept until just now, and know less than those who were awake. */
  isDrowsy(): boolean;
  /** I could not have heard anybody of late, so I say nothing of those who seem to be away. */
  holdsJudgement(): boolean;
}

export interface WatchParts {
  readonly verification: Pick<Verification, "isAlive">;
  /** I slept, by one of the clocks. @param sinceNs Unix nanoseconds. */
  onWoke(sinceNs: bigint): void;
}

/** A look later than this means that the machine slept (presence-and-life, Traps: tick > 10 s late). */
const sleptMs = 11_000;
/** So long after it woke a nara does not know yet what the others know. */
const drowsyMs = 60_000;
/** Newspapers are no evidence in the ledger but sure signs of life; the slowest appear every 300 s. */
const silentAfterS = missingAfterS + 60;
/** Nobody answers for whom I cannot call: two pieces of evidence in a row may be lost on their way. */
const silentUncalledS = silentAfterS + evidencePeriodMs / 1000;
/** Whoever was seen of late need not be looked at each second; all are, at least this often. */
const betweenLooksS = 10;
/** Word of mouth takes its time (presence-and-life §5, Threshold). */
const silentByGossipS = 3600;
/** Who was last evident so long ago is given up without a call (presence-and-life §5). */
const hopelessAfterS = 3600;
/** What somebody's going missing adds to buzz (presence-and-life §4). */
const buzzOfMissing = 10;
/** Longest wait before a status change is reported (presence-and-life §5). */
const maxStatusReportDelayMs = 10_000;

export function createWatch(state: PresenceState, { verification, onWoke }: WatchParts): Watch {
  const { nara, own, neighbourhood, listener } = state;
  const { clock, ledger, me, random } = nara;
  let lookedAtMs = clock.monotonicMs();
  let lookedAtNs = clock.nowNs();
  let judgeFromMs = lookedAtMs;
  let drowsyUntilMs = 0;
  /** When all are to be looked at again, Unix seconds. */
  let lookAgainS = 0;
  /** Who was booked MISSING when all were looked at; they are looked at each second. */
  let missed: string[] = [];
  /** Those who are being called. */
  const doubted = new Set<string>();

  const holdJudgement = (): void => {
    judgeFromMs = clock.monotonicMs() + missingAfterS * 1000;
  };

  /** By what the ledger tells: somebody who shows up again this way did not restart. */
  const isEvident = ({ name }: Neighbour, nowNs = clock.nowNs()): boolean =>
    nara.projections.online.statusOf(name, nowNs) === "ONLINE";

  const canHear = (): boolean => nara.plazaIsOpen() || state.gossipsOnly;

  const canVerify = (name: string): boolean => nara.mesh.address() !== "" && canCall(nara, name);

  /** Until when its silence means nothing, Unix seconds. */
  const heardUntilS = ({ name, status, observation: { lastSeenS } }: Neighbour): number => {
    if (state.gossipsOnly || status.transportMode === "gossip") return lastSeenS + silentByGossipS;
    return lastSeenS + (canVerify(name) ? silentAfterS : silentUncalledS);
  };

  const isSilent = (neighbour: Neighbour): boolean => nowS(state) > heardUntilS(neighbour);

  const book = (neighbour: Neighbour, is: "ONLINE" | "MISSING"): void => {
    const booked = { ...neighbour, observation: { ...neighbour.observation, online: is } };
    neighbourhood.put(booked);
    listener.onNeighbour(neighbour.name);
    if (is === "ONLINE") listener.onAlive(neighbour, booked);
  };

  const isMissing = (name: string): boolean =>
    neighbourhood.get(name)?.observation.online === "MISSING";

  const reportMissing = (subject: string): void => {
    nara.after(random.fraction() * maxStatusReportDelayMs, async () => {
      if (!isMissing(subject) || isHeld()) return;
      if ((await verification.isAlive(subject)) || !isMissing(subject)) return;
      const facts = ledger.about(subject);
      if (isReportedMissing(facts, { me: me.name, subject }, clock.nowNs())) return;
      sayObserved(state, {
        ...{ subject, type: "status-change", importance: 2n, online_state: "MISSING" },
      });
    });
  };

  const isHeld = (): boolean => own.booting() || clock.monotonicMs() < judgeFromMs;

  /** Monotonic clocks of some browsers stand still while the machine sleeps; wall clocks do not. */
  const goneMs = (): number =>
    Math.max(clock.monotonicMs() - lookedAtMs, Number((clock.nowNs() - lookedAtNs) / 1_000_000n));

  /** Also before I looked for the first time: other timers may be due first. */
  const isDrowsy = (): boolean => goneMs() > sleptMs || clock.monotonicMs() < drowsyUntilMs;

  const wake = (sleptForMs: number): void => {
    drowsyUntilMs = clock.monotonicMs() + drowsyMs;
    onWoke(clock.nowNs() - BigInt(Math.round(sleptForMs)) * 1_000_000n);
  };

  const giveUp = (name: string): void => {
    const neighbour = neighbourhood.get(name);
    if (neighbour?.observation.online !== "ONLINE") return;
    book(neighbour, "MISSING");
    lookAgainS = 0;
    own.excite(buzzOfMissing);
    reportMissing(name);
  };

  const welcomeBack = (neighbour: Neighbour | undefined, nowNs: bigint): void => {
    if (neighbour?.observation.online !== "MISSING" || !isEvident(neighbour, nowNs)) return;
    book(neighbour, "ONLINE");
  };

  /** Calls it first, if there is hope. */
  const doubt = async (neighbour: Neighbour): Promise<void> => {
    const { name } = neighbour;
    if (doubted.has(name)) return;
    const isHopeful =
      nowS(state) - neighbour.observation.lastSeenS <= hopelessAfterS && canVerify(name);
    if (!isHopeful) {
      giveUp(name);
      return;
    }
    doubted.add(name);
    const isAlive = await verification.isAlive(name);
    doubted.delete(name);
    const now = neighbourhood.get(name);
    if (!isAlive && !isHeld() && now !== undefined && !isEvident(now) && isSilent(now)) {
      giveUp(name);
    }
  };

  return {
    plazaOpened: holdJudgement,
    holdsJudgement: isHeld,
    isDrowsy,
    look() {
      const sleptForMs = goneMs();
      lookedAtMs = clock.monotonicMs();
      lookedAtNs = clock.nowNs();
      if (sleptForMs > sleptMs || !canHear()) holdJudgement();
      if (sleptForMs > sleptMs) wake(sleptForMs);
      if (isHeld()) return;
      const nowNs = clock.nowNs();
      for (const name of missed) welcomeBack(neighbourhood.get(name), nowNs);
      const atS = Number(nowNs / 1_000_000_000n);
      if (atS < lookAgainS && atS >= lookAgainS - betweenLooksS) return;
      lookAgainS = atS + betweenLooksS;
      missed = [];
      for (const neighbour of neighbourhood.all()) {
        const { online: state } = neighbour.observation;
        if (state === "MISSING") missed.push(neighbour.name);
        if (state !== "ONLINE") continue;
        const untilS = heardUntilS(neighbour);
        lookAgainS = Math.min(lookAgainS, untilS + 1);
        if (atS > untilS && !isEvident(neighbour, nowNs)) void doubt(neighbour);
      }
    },
  };
}
