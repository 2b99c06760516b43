import { expect, test } from "vitest";
import { playedLine, scoreLine } from "./game-words.ts";

test("a game is told by what the winning hand does", () => {
  const won = { name: "bob", mine: "rock", theirs: "scissors", outcome: "won" } as const;
  expect(playedLine(won)).toContain("your rock blunts the scissors of bob");
  const lost = { ...won, mine: "rock", theirs: "paper", outcome: "lost" } as const;
  expect(playedLine(lost)).toContain("the paper of bob wraps your rock");
  const drawn = { ...won, theirs: "rock", outcome: "drawn" } as const;
  expect(playedLine(drawn)).toBe("rock and rock: you two think alike.");
});

test("who forfeits is not called a liar", () => {
  const played = { name: "bob", mine: "rock", theirs: undefined, outcome: "forfeited" } as const;
  expect(playedLine(played)).toBe("bob did not open the hand it had sealed. the game is yours.");
});

test("the score is that of this life", () => {
  expect(scoreLine({ won: 0, lost: 0, drawn: 0 })).toBe("no game in this life yet.");
  expect(scoreLine({ won: 2, lost: 1, drawn: 0 })).toBe("in this life: 2 won, 1 lost, 0 drawn.");
});
