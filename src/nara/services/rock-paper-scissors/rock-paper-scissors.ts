/** Rock-paper-scissors between two naras: the worked example of docs/writing-a-service.md. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { Behaviour } from "../../runtime/behaviour.ts";
import type { CallOutcome } from "../../runtime/calls.ts";
import { createRateLimit } from "../../runtime/rate-limit.ts";
import { type Addressee, type Service, service } from "../../runtime/service.ts";
import type { GamesView, Personality } from "../../view.ts";
import { challenge, commit, gamesPerMinute, type Opened, result, reveal } from "./messages.ts";
import { chooseHand, compare, type Hand, sealOf, unseal } from "./rules.ts";

/** A game that is over. */
export interface Played {
  readonly name: string;
  readonly mine: Hand;
  /** Undefined when the other did not show the hand that it had sealed: then it forfeits. */
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
  onPlayed(played: Played): void;
}

/** How long the challenger waits for each answer; its opponent waits twice as long for the reveal. */
export const answerMs = 8000;
/** Games that others challenged me to, at a time. */
export const maxTables = 8;
/** A challenge older than this was meant for another moment. */
const freshNs = 60_000_000_000n;

type Table = { readonly mine: Opened & { readonly hand: Hand }; readonly theirSeal: string };

export function createRockPaperScissors(parts: GameParts): RockPaperScissors {
  const score = { won: 0, lost: 0, drawn: 0 };
  let play: RockPaperScissors["play"] = async () => refuse("this nara is not awake yet");

  const game = service("rock-paper-scissors", [challenge, commit, reveal, result], (nara) => {
    const { me, clock, random, keyring } = nara;
    /** Ids of those I challenged: apart, so that none of them can ask me to open my hand first. */
    const challenged = new Set<string>();
    /** Games that others challenged me to, by their ids. */
    const tables = new Map<string, Table>();
    const isPlaying = (id: string): boolean => challenged.has(id) || tables.has(id);
    const mayChallenge = createRateLimit(clock, 100);
    const newText = (): string => bytesToHex(random.bytes(16));

    const finish = ({ id, name }: Addressee, table: Table, shown?: Opened): Played => {
      const { hand: mine } = table.mine;
      const theirs = shown && unseal(id, table.theirSeal, shown);
      if (shown !== undefined && theirs === undefined) nara.countDrop("broken_seal");
      const outcome = theirs === undefined ? "forfeited" : compare(mine, theirs);
      score[outcome === "forfeited" ? "won" : outcome] += 1;
      const played: Played = { name, mine, theirs, outcome };
      parts.onPlayed(played);
      return played;
    };

    const playWith = async (to: Addressee, hand: Hand): Promise<Outcome<Played>> => {
      const mine = { game: newText(), hand, nonce: newText() };
      const asked = { game: mine.game, seal: sealOf(me.id, mine) };
      const answer = await nara.call(challenge, asked, { to, timeoutMs: answerMs });
      if (!answer.ok && answer.refusal.type === "timed-out") {
        return refuse(`${to.name} does not answer; it does not seem to know the game`);
      }
      if (!answer.ok) return refuse(`${to.name} cannot be reached just now`);
      const theirSeal = payloadOf(commit, answer, mine.game)?.seal ?? "";
      if (theirSeal === "") return refuse(`${to.name} does not feel like playing just now`);
      const shown = await nara.call(reveal, mine, { to, timeoutMs: answerMs });
      if (!shown.ok && shown.refusal.type === "stopped") return refuse("this nara goes to sleep");
      return accept(finish(to, { mine, theirSeal }, payloadOf(result, shown, mine.game)));
    };

    play = async (name, hand) => {
      const to = { name, id: keyring.idOf(name) };
      if (to.id === "" || to.id === me.id) return refuse(`you do not know ${name} well enough yet`);
      if (isPlaying(to.id)) return refuse(`you and ${name} are in the middle of a game`);
      if (!mayChallenge(to.id, gamesPerMinute)) return refuse("so many games? take a breath");
      challenged.add(to.id);
      return playWith(to, hand).finally(() => challenged.delete(to.id));
    };

    nara.on(challenge, (message) => {
      const { fromId, tsNs } = message;
      const { game, seal } = message.payload;
      if (clock.nowNs() - tsNs > freshNs) return nara.countDrop("stale");
      const isTooMuch = isPlaying(fromId) || tables.size >= maxTables;
      if (isTooMuch) nara.countDrop("rate_limited");
      const notNow = { game, seal: "" };
      if (isTooMuch || !parts.isInTheMood()) return void nara.reply(message, commit, notNow);
      const hand = chooseHand(parts.personality, random.fraction());
      const table = { mine: { game, hand, nonce: newText() }, theirSeal: seal };
      tables.set(fromId, table);
      nara.after(2 * answerMs, () => tables.get(fromId) === table && tables.delete(fromId));
      nara.reply(message, commit, { game, seal: sealOf(me.id, table.mine) });
    });

    nara.on(reveal, (message) => {
      const { fromId: id, payload } = message;
      const table = tables.get(id);
      if (table?.mine.game !== payload.game) return nara.countDrop("stale");
      tables.delete(id);
      nara.reply(message, result, table.mine);
      finish({ id, name: keyring.nameOfId(id) ?? message.from }, table, payload);
    });

    // Answers go to whoever waits for them; nobody waits any more for those that come here.
    nara.on(commit, () => nara.countDrop("stale"));
    nara.on(result, () => nara.countDrop("stale"));
    return {};
  });

  return { service: game, play: (name, hand) => play(name, hand), view: () => ({ ...score }) };
}

/** What was answered, if it is of that kind and game: whom it answers is not signed. */
function payloadOf<Said>({ kind }: Behaviour<Said>, answer: CallOutcome, game: string) {
  const payload = answer.ok && answer.value.kind === kind ? answer.value.payload : undefined;
  return (payload as Opened | undefined)?.game === game ? (payload as Said) : undefined;
}
