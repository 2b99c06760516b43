/**
 * Checkpoints: naras agree on how one of them has lived, so that it need not be counted from the
 * beginning ever again.
 *
 * | I hear | I do |
 * |---|---|
 * | a proposal of another | vote: sign its figures if they are near mine, else mine, if I have any |
 * | a vote for my proposal | count it, one per nara |
 * | a final checkpoint | give it to the gate, which asks all its voters |
 *
 * | I say | when |
 * |---|---|
 * | a proposal about myself | every 24 h, or when my owner asks; with six neighbours or more on-line |
 * | the same once more | with the means of the votes, when a round ended without agreement |
 * | a final checkpoint | when five voters or more signed the same |
 *
 * Who slept, or could not hear the plaza, neither proposes nor votes for a while: its own figures
 * may be behind. Sources: docs/protocol/mesh-runtime-checkpoints.md §5; docs/differences.md.
 */
import { newSyncEvent } from "../../events/sync-event.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { Cancel } from "../../ports.ts";
import { type Service, type ServiceContext, service } from "../../runtime/service.ts";
import type { CheckpointsView, CheckpointView } from "../../view.ts";
import { missingAfterS } from "../presence/evidence.ts";
import type { Neighbour } from "../presence/neighbourhood.ts";
import { agreement, means, votesNeeded } from "./agreement.ts";
import { createBallotBook } from "./ballot-book.ts";
import { chainOf } from "./chain.ts";
import { agrees, type Figures, figuresOf, isNothing, provenCheckpointOf } from "./figures.ts";
import {
  figuresIn,
  finalCheckpoint,
  observationOf,
  ownVersion,
  type Proposal,
  proposal,
  vote,
  voteWindowS,
} from "./messages.ts";
import { createRound, type Round } from "./round.ts";

export interface CheckpointsParts {
  neighbours(): readonly Neighbour[];
  /** I woke less than two minutes ago, and listen before I judge. */
  booting(): boolean;
  /** The view is another. */
  onChange(): void;
}

export interface Checkpoints {
  readonly service: Service;
  /** Proposes a checkpoint about me at once, for the owner. A refusal is a sentence for a person. */
  ask(): Outcome<void>;
  view(): CheckpointsView;
  /** The proven ones about a nara, the latest first. */
  chain(name: string): readonly CheckpointView[];
}

/** Between two checkpoints about me (§5), seconds. */
const intervalS = 86_400n;
/** How often I look whether it is time (§5). */
const lookMs = 900_000;
/** Longest wait before I vote, so that not all speak at once (§5). */
const voteJitterMs = 3000;
/** Neighbours on-line that it takes to propose (§5). */
const neighboursNeeded = votesNeeded + 1;
/**
 * Nobody gets another checkpoint sooner after its last: they are never forgotten, and the
 * reference's owners have to wait a day.
 */
const restS = 600n;
const heartbeatMs = 10_000;
/** A heartbeat that comes 10 s late means that the machine slept (presence-and-life, Traps). */
const sleptMs = heartbeatMs + 10_000;

export function createCheckpoints(parts: CheckpointsParts): Checkpoints {
  const book = createBallotBook(parts.onChange);
  let nara: ServiceContext | undefined;
  let whyNot: () => string | undefined = () => asleep;
  let propose: (number: 1 | 2, figures?: Figures) => Outcome<void> = () => refuse(asleep);

  const onlineNeighbours = (): readonly Neighbour[] =>
    parts.neighbours().filter(({ isMet, observation }) => isMet && observation.online === "ONLINE");

  const setUp = (context: ServiceContext) => {
    nara = context;
    const { clock, ledger, me } = context;
    const nowS = (): bigint => clock.nowNs() / 1_000_000_000n;
    let round: Round | undefined;
    let stopWaiting: Cancel = () => {};
    const wokeAtS = nowS();
    /** When a vote last ended for good, Unix seconds. */
    let decidedAtS = 0n;
    let lastAsOfS = 0n;
    let judgeFromMs = 0;
    let beatAtMs = clock.monotonicMs();
    let hasBeenOpen = false;

    const giveUp = (why: string): void => {
      stopWaiting();
      round = undefined;
      book.ended({ is: "failed", why });
    };

    /** I could not hear what happened, so I wait until I have heard enough again. */
    const hold = (): void => {
      judgeFromMs = clock.monotonicMs() + missingAfterS * 1000;
      if (round !== undefined) giveUp("the plaza could not be heard in the middle of the vote");
    };

    const beat = (): void => {
      const nowMs = clock.monotonicMs();
      if (nowMs - beatAtMs > sleptMs) hold();
      beatAtMs = nowMs;
    };

    /** Asked before each judgement, for what comes after a sleep may come before the next beat. */
    const isHeld = (): boolean => {
      beat();
      return clock.monotonicMs() < judgeFromMs || !context.plazaIsOpen();
    };

    const lastAboutMeS = (): bigint =>
      provenCheckpointOf(ledger, me.name)?.payload.as_of_time ?? 0n;

    /** Without a checkpoint the day begins when I wake. */
    const isDue = (): boolean => {
      const fromS = lastAboutMeS() || wokeAtS;
      return nowS() - (fromS > decidedAtS ? fromS : decidedAtS) >= intervalS;
    };

    whyNot = () => {
      if (round !== undefined) return "a vote about you is under way.";
      if (!context.plazaIsOpen()) return "the plaza is out of reach.";
      if (parts.booting()) return "you woke a moment ago; listen for two minutes first.";
      if (isHeld()) return "you were away; listen for some minutes first.";
      if (nowS() - lastAboutMeS() < restS) return "your last checkpoint is still fresh.";
      const here = onlineNeighbours().length;
      if (here >= neighboursNeeded) return undefined;
      return `it takes ${neighboursNeeded} neighbours, and ${here} are here.`;
    };

    const figuresAbout = (name: string): Figures => figuresOf(context, name, nowS());

    propose = (number, figures = figuresAbout(me.name)) => {
      const now = nowS();
      // No vote of the first round may count in the second: what tells them apart is not signed.
      lastAsOfS = now > lastAsOfS ? now : lastAsOfS + 1n;
      const said: Proposal = {
        version: ownVersion,
        ...{ subject: me.name, subject_id: me.id, attester: me.name, attester_id: me.id },
        observation: observationOf(figures),
        last_seen_checkpoint_id: provenCheckpointOf(ledger, me.name)?.id ?? "",
        as_of_time: lastAsOfS,
        ...{ signature: "", round: BigInt(number) },
      };
      const sent = context.emit(proposal, said);
      if (!sent.ok) return sent;
      const open = createRound(
        { ...said, signature: sent.value.signature },
        onlineNeighbours().filter(({ name }) => context.keyring.idOf(name) !== "").length,
      );
      round = open;
      stopWaiting = context.after(Number(voteWindowS) * 1000, () => void close(open));
      book.opened(open);
      return accept(undefined);
    };

    const close = async (closing: Round): Promise<void> => {
      if (round !== closing) return;
      stopWaiting();
      if (isHeld()) return hold();
      const votes = closing.votes();
      const payload = agreement(closing.proposal, votes, (name) =>
        BigInt(context.projections.uptimes.uptimeOf(name, Number(nowS()))),
      );
      round = undefined;
      if (payload !== undefined) return conclude(payload);
      if (votes.length === 0) return giveUp("nobody voted");
      if (closing.proposal.round === 1n) {
        const again = propose(2, means(votes));
        if (!again.ok) giveUp(again.refusal);
        return;
      }
      decidedAtS = nowS();
      giveUp(
        votes.length < votesNeeded
          ? `only ${votes.length} voted, and it takes ${votesNeeded}`
          : `fewer than ${votesNeeded} of ${votes.length} agreed, twice`,
      );
    };

    const conclude = async (payload: NonNullable<ReturnType<typeof agreement>>): Promise<void> => {
      const tsNs = clock.nowNs();
      const event = newSyncEvent("checkpoint", tsNs, payload);
      const { added } = await context.take([event], { path: "plaza" });
      if (added === 0) return giveUp("what was agreed on did not prove itself");
      decidedAtS = nowS();
      context.emit(finalCheckpoint, payload, { tsNs });
      book.ended({ is: "agreed", id: event.id });
    };

    const answer = (asked: Proposal): void => {
      if (parts.booting() || isHeld()) return;
      const latest = provenCheckpointOf(ledger, asked.subject);
      if (latest !== undefined && asked.as_of_time - latest.payload.as_of_time < restS) {
        context.countDrop("rate_limited");
        return;
      }
      const mine = figuresAbout(asked.subject);
      const approved = agrees(figuresIn(asked), mine);
      // Who has heard nothing has nothing to say against it.
      if (!approved && latest === undefined && isNothing(mine)) return;
      const figures = approved ? figuresIn(asked) : mine;
      const said = {
        version: ownVersion,
        ...{ subject: asked.subject, subject_id: asked.subject_id },
        observation: observationOf(figures),
        ...{ attester: me.name, attester_id: me.id },
        last_seen_checkpoint_id: latest?.id ?? "",
        ...{ as_of_time: asked.as_of_time, signature: "" },
        ...{ proposal_ts: asked.as_of_time, round: asked.round, approved },
      };
      context.after(Math.floor(context.random.fraction() * voteJitterMs), () => {
        if (isHeld() || nowS() - asked.as_of_time > voteWindowS) return;
        if (context.emit(vote, said).ok) book.answered(asked, figures, approved);
      });
    };

    context.onPlazaOpen(() => {
      if (hasBeenOpen) hold();
      hasBeenOpen = true;
    });

    return {
      start() {
        context.on(proposal, ({ payload }) => answer(payload));
        context.on(vote, ({ payload, fromId }) => {
          // Five have agreed already; who comes later is not wrong.
          if (round === undefined && payload.proposal_ts === lastAsOfS) return;
          const reason = round?.count(payload, context.keyring.keyOfId(fromId) ?? "");
          if (reason !== undefined || round === undefined) {
            context.countDrop(reason ?? "stale");
            return;
          }
          book.voted();
          const votes = round.votes();
          const isDecided = agreement(round.proposal, votes, () => 0n) !== undefined;
          if (isDecided || votes.length >= Math.max(votesNeeded, round.expected)) void close(round);
        });
        context.on(finalCheckpoint, ({ payload, tsNs, id }) => {
          const event = { ...newSyncEvent("checkpoint", tsNs, payload), id };
          void context.take([event], { path: "plaza" });
        });
        context.every(() => heartbeatMs, beat);
        context.every(
          () => lookMs,
          () => {
            if (isDue() && whyNot() === undefined) propose(1);
          },
        );
        return accept(undefined);
      },
    };
  };

  return {
    service: service("checkpoints", [proposal, vote, finalCheckpoint], setUp),
    ask() {
      const why = whyNot();
      return why === undefined ? propose(1) : refuse(why);
    },
    view: book.view,
    chain: (name) => (nara === undefined ? [] : chainOf(nara, name)),
  };
}

const asleep = "The nara is not awake yet.";
