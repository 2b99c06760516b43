import { expect, test } from "vitest";
import { evidenceDelayMs, evidencePayload, missingAfterS } from "./evidence.ts";

test("a nara without any evidence puts it at once", () => {
  expect(evidenceDelayMs(undefined, 5_000, 0.5)).toBe(0);
});

test("one piece of evidence may be lost, and the next comes before anyone worries", () => {
  for (const fraction of [0, 0.25, 0.5, 0.75, 0.999_999]) {
    const delayMs = evidenceDelayMs(1_000, 1_000, fraction);
    expect(delayMs).toBeGreaterThanOrEqual(115_000);
    expect(2 * delayMs).toBeLessThanOrEqual((missingAfterS - 30) * 1000);
  }
});

test("a nara that slept past its deadline is due at once", () => {
  expect(evidenceDelayMs(1_000, 1_000_000, 0.5)).toBe(0);
});

test("evidence speaks of nobody else", () => {
  const payload = evidencePayload("alice");
  expect(payload).toMatchObject({ type: "observation", actor: "alice", target: "alice" });
});

test("its reason means nothing to filters and clout", () => {
  const meaningful = [
    ...["online", "offline", "journey-pass", "journey-complete", "journey-timeout"],
    ...["random", "comeback", "high-restarts", "trend-abandon", "nice-number", "stash-stored"],
  ];
  expect(meaningful).not.toContain(evidencePayload("alice").reason);
});
