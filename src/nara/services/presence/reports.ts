/**
 * What I tell the network of others that I saw: who is new, who restarted.
 * (docs/protocol/presence-and-life.md §5)
 */
import { eventKinds } from "../../events/event-kinds.ts";
import type { ObservationPayload } from "../../events/observation.ts";
import { createRateLimit } from "../../runtime/rate-limit.ts";
import {
  type HeardRestart,
  type PresenceReport,
  restartReportDelayMs,
  worthReporting,
} from "./mark-online.ts";
import { observation } from "./messages.ts";
import { nowS, type PresenceState } from "./state.ts";

export interface Reports {
  /** To be told in a while, if it is worth telling then. */
  tell(report: PresenceReport): void;
}

export interface ReportsParts {
  /** See `PresenceParts`. */
  askAbout(subject: string, isEnough: () => boolean): Promise<void>;
  /** See `Watch`. */
  isDrowsy(): boolean;
}

/** Zines tell of the last five minutes: what others observed of a newcomer has come by then (events-and-ledger §7). */
const othersAreHeardMs = 300_000;
/** Not all ask at once. */
const apartMs = 60_000;
/** Newcomers of five minutes that are told of. */
const mostNewcomers = 500;
/** Naras about whom others are asked; who invents names by the thousand makes nobody shout. */
const questionsPerMinute = 30;

/** Signs it as mine, keeps it, and leaves it to zines. */
export function sayObserved(
  { nara }: Pick<PresenceState, "nara">,
  told: Partial<ObservationPayload>,
): void {
  nara.emit(observation, {
    ...eventKinds.observation.payload.zero(),
    observer: nara.me.name,
    ...told,
  });
}

export function createReports(state: PresenceState, { askAbout, isDrowsy }: ReportsParts): Reports {
  const { nara, neighbourhood, listener } = state;
  const { clock, ledger, me, random } = nara;
  const mayAsk = createRateLimit(clock, 1);
  /** Whose first sight is still to be told. */
  let newcomers = 0;

  const birthOf = (name: string): number =>
    nara.projections.opinions.opinionOf(name, nowS(state)).startTimeS;

  /** New to me it was, but others may have known it for long: their word counts, where there is one. */
  const tellFirstSeen = async (subject: string, seenAtS: number): Promise<void> => {
    const isKnown = (): boolean => birthOf(subject) > 0;
    if (!isKnown() && mayAsk("birth", questionsPerMinute)) await askAbout(subject, isKnown);
    const neighbour = neighbourhood.get(subject);
    if (neighbour === undefined) return;
    const startTimeS = isKnown() ? birthOf(subject) : seenAtS;
    neighbourhood.put({ ...neighbour, observation: { ...neighbour.observation, startTimeS } });
    listener.onNeighbour(subject);
    sayObserved(state, {
      ...{ subject, type: "first-seen", importance: 3n, start_time: BigInt(startTimeS) },
    });
  };

  const restartsHeardOf = (subject: string): readonly HeardRestart[] =>
    ledger.about(subject).flatMap(({ svc, payload, tsNs }) =>
      svc === "observation" && payload.type === "restart"
        ? [
            {
              observer: payload.observer,
              tsNs,
              startTimeS: Number(payload.start_time),
              restartNum: Number(payload.restart_num),
            },
          ]
        : [],
    );

  return {
    tell(report) {
      // News to me alone: those who were awake have told it, which I hear while I catch up.
      if (isDrowsy()) return;
      const { subject, startTimeS } = report;
      if (report.type === "first-seen") {
        if (newcomers >= mostNewcomers) return;
        newcomers += 1;
        nara.after(othersAreHeardMs + random.fraction() * apartMs, () => {
          newcomers -= 1;
          void tellFirstSeen(subject, startTimeS);
        });
        return;
      }
      const lastRestartS = nowS(state);
      nara.after(restartReportDelayMs(random.fraction()), () => {
        if (!worthReporting(report, restartsHeardOf(subject), me.name, clock.nowNs())) return;
        sayObserved(state, {
          subject,
          type: "restart",
          importance: 3n,
          start_time: BigInt(startTimeS),
          restart_num: BigInt(report.restartNum),
          last_restart: BigInt(lastRestartS),
        });
      });
    },
  };
}
