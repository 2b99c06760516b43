/** Rock-paper-scissors between two naras, the worked example of docs/writing-a-service.md. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { Behaviour } from "../../runtime/behaviour.ts";
import type { CallOutcome, CallRefusal } from "../../runtime/calls.ts";
import { createRateLimit } from "../../runtime/rate-limit.ts";
import {
  type Addressee,
  type Service,
  type ServiceContext,
  service,
} from "../../runtime/service.ts";
import type { GamesView, Personality } from "../../view.ts";
import { challenge, commit, gamesPerMinute, type Opened, result, reveal } from "./messages.ts";
import { chooseHand, compare, type Hand, isHand, sealOf } from "./rules.ts";

/** A game that is over. */
export interface Played {
  readonly name: string;
  readonly mine: Hand;
  /** Undefined when the other showed none, or not the one it had sealed: then it forfeits. */
  readonly theirs: Hand | undefined;
  readonly outcome: "won" | "lost" | "drawn" | "forfeited";
}

export interface RockPaperScissors {
  readonly service: Service;
  /** Challenges a neighbour. A refusal is a sentence for a person. */
  play(name: string, hand: Hand): Promise<Outcome<Played>>;
  /** The score of this life. */
  view(): GamesView;
}

export interface GameParts {
  readonly personality: Personality;
  /** Whether I take up challenges just now. */
  isInTheMood(): boolean;
  /** @param isMine the challenge was. */
  onPlayed(played: Played, isMine: boolean): void;
}

/** How long the challenger waits for each answer. */
export const answerMs = 8000;
/** How long a challenged nara waits for the reveal: its own answer has to come through first. */
const revealMs = 2 * answerMs;
/** A challenge older than this was meant for another moment. */
const freshNs = 60_000_000_000n;
/** Games I was challenged to, at a time. */
export const maxTables = 8;
/** Neighbours whose challenges by me are counted at a time. */
const maxChallenged = 100;

export function createRockPaperScissors(parts: GameParts): RockPaperScissors {
  const score = { won: 0, lost: 0, drawn: 0 };
  let play: RockPaperScissors["play"] = async () => refuse("this nara is not awake yet");

  const setUp = (nara: ServiceContext) => {
    const { me, clock, random, keyring } = nara;
    /** Ids of those I challenged. Apart from `tables`: who is challenged must not ask me to open. */
    const challenged = new Set<string>();
    /** Games I was challenged to, by the challenger's id. */
    const tables = new Map<string, { readonly mine: Opened; readonly theirSeal: string }>();
    const mayChallenge = createRateLimit(clock, maxChallenged);

    const newText = (): string => bytesToHex(random.bytes(16));

    const finish = (
      { id, name }: Addressee,
      mine: Opened,
      theirs: { readonly seal: string; readonly opened: Opened | undefined },
      isMine: boolean,
    ): Played => {
      const { opened, seal } = theirs;
      const isHonest = opened !== undefined && sealOf(id, opened) === seal && isHand(opened.hand);
      if (opened !== undefined && !isHonest) nara.countDrop("broken_seal");
      const [own, other] = [mine.hand as Hand, isHonest ? (opened.hand as Hand) : undefined];
      const outcome = other === undefined ? "forfeited" : compare(own, other);
      score[outcome === "forfeited" ? "won" : outcome] += 1;
      const played: Played = { name, mine: own, theirs: other, outcome };
      parts.onPlayed(played, isMine);
      return played;
    };

    // ── I challenge ───────────────────────────────────────────────────────────────────────────

    const playWith = async (to: Addressee, hand: Hand): Promise<Outcome<Played>> => {
      const mine = { game: newText(), hand, nonce: newText() };
      const { game } = mine;
      const timing = { to, timeoutMs: answerMs };
      const said = await nara.call(challenge, { game, seal: sealOf(me.id, mine) }, timing);
      if (!said.ok) return refuse(whyNot(said.refusal, to.name));
      const theirs = answerOf(commit, said, game);
      if (!theirs?.seal) return refuse(`${to.name} does not feel like playing just now`);
      const opened = answerOf(result, await nara.call(reveal, mine, timing), game);
      return accept(finish(to, mine, { seal: theirs.seal, opened }, true));
    };

    play = async (name, hand) => {
      const to = { name, id: keyring.idOf(name) };
      if (to.id === "") return refuse(`you do not know ${name} well enough yet`);
      if (challenged.has(to.id) || tables.has(to.id)) {
        return refuse(`you and ${name} are in the middle of a game`);
      }
      if (!mayChallenge(to.id, gamesPerMinute)) return refuse("so many games? take a breath");
      challenged.add(to.id);
      return playWith(to, hand).finally(() => challenged.delete(to.id));
    };

    // ── I am challenged ───────────────────────────────────────────────────────────────────────

    nara.on(challenge, (message) => {
      const { fromId, tsNs, payload } = message;
      const { game, seal } = payload;
      if (clock.nowNs() - tsNs > freshNs) return nara.countDrop("stale");
      const isBusy = challenged.has(fromId) || tables.has(fromId) || tables.size >= maxTables;
      if (isBusy) nara.countDrop("rate_limited");
      if (isBusy || !parts.isInTheMood()) {
        nara.reply(message, commit, { game, seal: "" });
        return;
      }
      const hand = chooseHand(parts.personality, random.fraction());
      const mine = { game, hand, nonce: newText() };
      const table = { mine, theirSeal: seal };
      tables.set(fromId, table);
      nara.after(revealMs, () => tables.get(fromId) === table && tables.delete(fromId));
      nara.reply(message, commit, { game, seal: sealOf(me.id, mine) });
    });

    nara.on(reveal, (message) => {
      const { fromId, from, payload } = message;
      const table = tables.get(fromId);
      if (table?.mine.game !== payload.game) return nara.countDrop("stale");
      tables.delete(fromId);
      nara.reply(message, result, table.mine);
      const challenger = { id: fromId, name: keyring.nameOfId(fromId) ?? from };
      finish(challenger, table.mine, { seal: table.theirSeal, opened: payload }, false);
    });

    // Answers go to the call that waits for them; here are those that came too late.
    for (const late of [commit, result]) nara.on<unknown>(late, () => nara.countDrop("stale"));
    return {};
  };

  return {
    service: service("rock-paper-scissors", [challenge, commit, reveal, result], setUp),
    play: (name, hand) => play(name, hand),
    view: () => ({ ...score }),
  };
}

/** What was answered, if it is of this kind and game: which question it answers is not signed. */
function answerOf<Payload extends { readonly game: string }>(
  { kind }: Behaviour<Payload>,
  answer: CallOutcome,
  game: string,
): Payload | undefined {
  if (!answer.ok || answer.value.kind !== kind) return undefined;
  // Its kind says what it holds.
  const payload = answer.value.payload as Payload;
  return payload.game === game ? payload : undefined;
}

function whyNot({ type }: CallRefusal, name: string): string {
  if (type === "timed-out") return `${name} does not answer; it does not seem to know the game`;
  return type === "not-sent" ? `${name} cannot be reached just now` : "the nara stops";
}
