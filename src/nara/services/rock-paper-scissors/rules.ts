/** The rules of rock-paper-scissors, and the seal that keeps a hand secret until it is shown. */
import { sha256Hex } from "#sha256";
import type { Personality } from "../../view.ts";
import type { Opened } from "./messages.ts";

export const hands = ["rock", "paper", "scissors"] as const;
export type Hand = (typeof hands)[number];
const beats = { rock: "scissors", paper: "rock", scissors: "paper" } as const;

export const compare = (mine: Hand, theirs: Hand): "won" | "lost" | "drawn" =>
  mine === theirs ? "drawn" : beats[mine] === theirs ? "won" : "lost";

/**
 * SHA-256, hex. The nonce keeps three hands from being tried out; the player's id keeps an opponent
 * from laying down a copy of my seal and opening it as I do, for a draw every time.
 */
export const sealOf = (playerId: string, { game, hand, nonce }: Opened): string =>
  sha256Hex(`rps ${game} ${playerId} ${hand} ${nonce}`);

/** The hand that was sealed; undefined when another is shown, or what is no hand. */
export const unseal = (playerId: string, seal: string, shown: Opened): Hand | undefined =>
  sealOf(playerId, shown) === seal ? hands.find((hand) => hand === shown.hand) : undefined;

/** Any may come: the calm lean to rock, the agreeable to paper, the sociable to scissors. */
export function chooseHand(of: Personality, fraction: number): Hand {
  const [rock, paper, scissors] = [50 + of.chill, 50 + of.agreeableness, 50 + of.sociability];
  const at = fraction * (rock + paper + scissors);
  return at < rock ? "rock" : at < rock + paper ? "paper" : "scissors";
}
