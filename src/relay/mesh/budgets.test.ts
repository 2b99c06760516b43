import { expect, test } from "vitest";
import { createTokenBucket } from "../token-bucket.ts";
import { createBudgets } from "./budgets.ts";

function budgetsAt() {
  const now = { ms: 0 };
  const nowMs = (): number => now.ms;
  const budgets = createBudgets({
    nowMs,
    fullAfterMs: 2_000,
    most: 100,
    create: () => createTokenBucket(1, 2, nowMs),
  });
  return { now, budgets };
}

test("who leaves and comes back at once finds the budget as it was", () => {
  const { now, budgets } = budgetsAt();
  expect(budgets.of("alice").take(2)).toBe(true);
  expect(budgets.of("alice").take(1)).toBe(false);
  now.ms = 1_000;
  expect(budgets.of("alice").take(2)).toBe(false);
  now.ms = 3_500;
  expect(budgets.of("alice").take(2)).toBe(true);
});

test("names that nobody uses any more take no memory, and never more than a fixed number", () => {
  const { now, budgets } = budgetsAt();
  for (let count = 0; count < 10_000; count++) budgets.of(`minted-${count}`);
  expect(budgets.count()).toBe(100);
  now.ms = 2_001;
  budgets.of("alice");
  expect(budgets.count()).toBe(1);
});
