import { expect, test } from "vitest";
import { createQuota } from "./quota.ts";

const pass = (quota: ReturnType<typeof createQuota>, frames: number, ms: number) => {
  for (let frame = 0; frame < frames; frame++) quota.took(ms);
};

test("late frames shrink the quota, timely ones let it grow back", () => {
  const quota = createQuota();
  pass(quota, 60, 16.7);
  const easy = quota.perFrame();
  pass(quota, 30, 33);
  const hard = quota.perFrame();
  expect(hard).toBeLessThan(easy);
  pass(quota, 300, 16.7);
  expect(quota.perFrame()).toBeGreaterThan(hard);
});

test("every avatar keeps moving, however slow the machine", () => {
  const quota = createQuota();
  pass(quota, 1000, 16.7);
  pass(quota, 1000, 60);
  expect(quota.perFrame()).toBeGreaterThanOrEqual(12);
});

test("a page that slept is not a slow page", () => {
  const quota = createQuota();
  const before = quota.perFrame();
  quota.took(60_000);
  expect(quota.perFrame()).toBe(before);
});
