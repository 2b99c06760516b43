/**
 * Taking events in, whatever carried them: taste, gate, limits, ledger. Signatures of one slice are
 * verified while the next is read.
 */
import type { SyncEvent } from "../events/sync-event.ts";
import type { AddOptions, AddRefusal, Ledger } from "../ledger/ledger-types.ts";
import { maxBatchEvents } from "../limits.ts";
import type { Clock } from "../ports.ts";
import type { DropReason } from "../runtime/drops.ts";
import { isToTaste } from "../services/social/filters.ts";
import { createSubjectLimiter, observationLimits } from "../services/social/limiter.ts";
import type { Personality } from "../view.ts";
import { type Gate, isIntroduction } from "./gate.ts";
import type { Judgement, Source } from "./judgement.ts";

export interface IntakeParts {
  readonly gate: Gate;
  readonly ledger: Ledger;
  readonly personality: Personality;
  /** Lets others have their turn while many events are taken in; without it they wait. */
  readonly clock?: Pick<Clock, "breathe">;
  /** Counts each event that was refused. */
  countDrop(reason: DropReason): void;
  /** An event is remembered that was not before. */
  onTaken?(event: SyncEvent, source: Source): void;
}

export interface Taken {
  readonly added: number;
  readonly dropped: ReadonlyMap<DropReason, number>;
}

export interface Intake {
  /** Never rejects. Of more events than a batch may hold, the first are taken. */
  take(events: readonly SyncEvent[], source: Source): Promise<Taken>;
}

/** Events judged together: enough to keep the engine busy, few enough to leave others their turn. */
const sliceLength = 256;
/**
 * One voice may take half of what is let through about a subject, so that nobody alone silences
 * all others.
 */
const voiceLimits = {
  ...observationLimits,
  events: observationLimits.events / 2,
  subjects: 4 * observationLimits.subjects,
};

export function createIntake(parts: IntakeParts): Intake {
  const { gate, ledger, personality, clock, countDrop } = parts;
  const aboutSubject = createSubjectLimiter(observationLimits);
  const bySubjectAndVoice = createSubjectLimiter(voiceLimits);

  /** Cheap refusals, before anything is hashed or verified. */
  const whyNotWanted = (event: SyncEvent): DropReason | undefined => {
    if (ledger.standingOf(event.id)?.tier === "proven") return "duplicate";
    return isToTaste(personality, event) ? undefined : "filtered";
  };

  const isTooMuch = (judged: Believed, source: Source): boolean => {
    const { event } = judged;
    if (event.svc !== "observation" || !isLive(source) || ledger.has(event.id)) return false;
    const { subject } = event.payload;
    const tS = Number(event.tsNs / 1_000_000_000n);
    const voice = judged.tier === "vouched" ? judged.by : event.emitter;
    return !(bySubjectAndVoice.allow(`${subject} ${voice}`, tS) && aboutSubject.allow(subject, tS));
  };

  /** Nobody signs when a checkpoint was told: told again under another time it is another event. */
  const isToldAgain = ({ event }: Believed): boolean =>
    event.svc === "checkpoint" &&
    ledger
      .targeting("checkpoint", event.payload.subject)
      .some(
        ({ id, payload }) =>
          id !== event.id &&
          payload.subject_id === event.payload.subject_id &&
          payload.as_of_time === event.payload.as_of_time,
      );

  const remember = (judged: Judgement, source: Source): DropReason | undefined => {
    if ("drop" in judged) return judged.drop;
    if (isToldAgain(judged)) return "another_account";
    if (isTooMuch(judged, source)) return "rate_limited";
    const standing: AddOptions =
      judged.tier === "vouched" ? { tier: "vouched", voucher: judged.by } : proven;
    const outcome = ledger.addChecked(judged.event, standing);
    if (!outcome.ok) return outcome.refusal satisfies AddRefusal;
    parts.onTaken?.(judged.event, source);
    return undefined;
  };

  return {
    async take(events, source) {
      const dropped = new Map<DropReason, number>();
      let added = 0;
      const drop = (reason: DropReason): void => {
        dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
        countDrop(reason);
      };
      /** What is known by now need not be verified again. */
      const wantedOf = (some: readonly SyncEvent[]): readonly SyncEvent[] =>
        some.filter((event) => {
          const reason = whyNotWanted(event);
          if (reason !== undefined) drop(reason);
          return reason === undefined;
        });
      const takeAll = async (wanted: readonly SyncEvent[]): Promise<void> => {
        let underWay: Promise<readonly Judgement[]> | undefined;
        const finish = async (): Promise<void> => {
          for (const judged of (await underWay) ?? []) {
            const reason = remember(judged, source);
            if (reason === undefined) added++;
            else drop(reason);
          }
        };
        for (let start = 0; start < wanted.length; start += sliceLength) {
          await clock?.breathe();
          const next = gate.judge(wantedOf(wanted.slice(start, start + sliceLength)), source);
          await finish();
          underWay = next;
        }
        await finish();
      };

      const introductions: SyncEvent[] = [];
      const others: SyncEvent[] = [];
      let seen = 0;
      for (const event of events) {
        if (seen++ >= maxBatchEvents) drop("too_many_entries");
        else (isIntroduction(event) ? introductions : others).push(event);
      }
      // The keys they bring serve the others.
      await takeAll(introductions);
      await takeAll(others);
      return { added, dropped };
    },
  };
}

const proven: AddOptions = { tier: "proven" };

type Believed = Exclude<Judgement, { readonly drop: DropReason }>;

/** History comes in any order, and is bounded by the ledger alone. */
const isLive = ({ path }: Source): boolean => path !== "sync" && path !== "import";
