/**
 * Watching over the others: who fell silent, and what I report of them.
 * (docs/protocol/presence-and-life.md §5)
 *
 * Judgement is held while I could not have heard anybody: after a sleep, and while the plaza is
 * away. A tab that slept for a night accuses nobody (presence-and-life, Traps; docs/differences.md).
 */
import { eventKinds } from "../../events/event-kinds.ts";
import type { ObservationPayload } from "../../events/observation.ts";
import { missingAfterS } from "./evidence.ts";
import { type PresenceReport, restartReportDelayMs, worthReporting } from "./mark-online.ts";
import { observation } from "./messages.ts";
import { isReportedMissing } from "./missing-report.ts";
import type { Neighbour } from "./neighbourhood.ts";
import { nowS, type PresenceState } from "./state.ts";

export interface Watch {
  plazaOpened(): void;
  /** Looks who fell silent; asked about once a second. */
  look(): void;
  report(report: PresenceReport): void;
}

/** A look later than this means that the machine slept (presence-and-life, Traps: tick > 10 s late). */
const sleptMs = 11_000;
/** Newspapers are no evidence in the ledger but sure signs of life; the slowest appear every 300 s. */
const silentAfterS = missingAfterS + 60;
/** Word of mouth takes its time (presence-and-life §5, Threshold). */
const silentByGossipS = 3600;
/** What somebody's going missing adds to buzz (presence-and-life §4). */
const buzzOfMissing = 10;
/** Longest wait before a status change is reported (presence-and-life §5). */
const maxStatusReportDelayMs = 10_000;

export function createWatch(state: PresenceState): Watch {
  const { nara, own, neighbourhood, listener } = state;
  const { clock, ledger, me, random } = nara;
  let lookedAtMs = clock.monotonicMs();
  let judgeFromMs = lookedAtMs;

  const holdJudgement = (): void => {
    judgeFromMs = clock.monotonicMs() + missingAfterS * 1000;
  };

  /** By what the ledger tells: somebody who shows up again this way did not restart. */
  const isEvident = ({ name }: Neighbour): boolean =>
    nara.projections.online.statusOf(name, clock.nowNs()) === "ONLINE";

  const canHear = (): boolean => nara.plazaIsOpen() || state.gossipsOnly;

  const isSilent = ({ status, observation: { lastSeenS } }: Neighbour): boolean => {
    const byGossip = state.gossipsOnly || status.transportMode === "gossip";
    return nowS(state) - lastSeenS > (byGossip ? silentByGossipS : silentAfterS);
  };

  const book = (neighbour: Neighbour, is: "ONLINE" | "MISSING"): void => {
    neighbourhood.put({ ...neighbour, observation: { ...neighbour.observation, online: is } });
    listener.onNeighbour(neighbour.name);
  };

  const reportMissing = (subject: string): void => {
    nara.after(random.fraction() * maxStatusReportDelayMs, () => {
      if (neighbourhood.get(subject)?.observation.online !== "MISSING") return;
      const facts = ledger.about(subject);
      if (isReportedMissing(facts, { me: me.name, subject }, clock.nowNs())) return;
      say({ subject, type: "status-change", importance: 2n, online_state: "MISSING" });
    });
  };

  const say = (told: Partial<ObservationPayload>): void => {
    nara.emit(observation, {
      ...eventKinds.observation.payload.zero(),
      observer: me.name,
      ...told,
    });
  };

  return {
    plazaOpened: holdJudgement,
    look() {
      const nowMs = clock.monotonicMs();
      if (nowMs - lookedAtMs > sleptMs || !canHear()) holdJudgement();
      lookedAtMs = nowMs;
      if (own.booting() || nowMs < judgeFromMs) return;
      for (const neighbour of neighbourhood.all()) {
        const { online: state } = neighbour.observation;
        if (state === "MISSING" && isEvident(neighbour)) book(neighbour, "ONLINE");
        if (state !== "ONLINE" || isEvident(neighbour) || !isSilent(neighbour)) continue;
        book(neighbour, "MISSING");
        own.excite(buzzOfMissing);
        reportMissing(neighbour.name);
      }
    },
    report(report) {
      const { subject, startTimeS } = report;
      if (report.type === "first-seen") {
        say({ subject, type: "first-seen", importance: 3n, start_time: BigInt(startTimeS) });
        return;
      }
      const { restartNum } = report;
      const lastRestartS = nowS(state);
      nara.after(restartReportDelayMs(random.fraction()), () => {
        const heard = ledger.about(subject).flatMap((event) =>
          event.svc === "observation" && event.payload.type === "restart"
            ? [
                {
                  observer: event.payload.observer,
                  tsNs: event.tsNs,
                  startTimeS: Number(event.payload.start_time),
                  restartNum: Number(event.payload.restart_num),
                },
              ]
            : [],
        );
        if (!worthReporting(report, heard, me.name, clock.nowNs())) return;
        say({
          subject,
          type: "restart",
          importance: 3n,
          start_time: BigInt(startTimeS),
          restart_num: BigInt(restartNum),
          last_restart: BigInt(lastRestartS),
        });
      });
    },
  };
}
