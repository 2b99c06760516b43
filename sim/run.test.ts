import { expect, test } from "vitest";
import { play } from "./run.ts";
import { scenarios } from "./scenarios/all.ts";

/** Real seconds: the stories take a few, and machines are shared. */
const timeoutMs = 240_000;

test("one seed tells one story, another seed another one", { timeout: timeoutMs }, async () => {
  const churn = scenarios.find(({ name }) => name === "churn")!;
  const hashOf = async (seed: number) =>
    (await play(churn, { seed, size: { naras: 5, hours: 0.2 } })).traceHash;
  const first = await hashOf(1);
  expect(await hashOf(1)).toBe(first);
  expect(await hashOf(2)).not.toBe(first);
});

test("who waits for a long story hears of every hour", { timeout: timeoutMs }, async () => {
  const churn = scenarios.find(({ name }) => name === "churn")!;
  const hours: number[] = [];
  await play(churn, {
    ...{ seed: 1, size: { naras: 2, hours: 2 } },
    onHour: (hour) => void hours.push(hour),
  });
  expect(hours).toEqual([1, 2]);
});

test("the same with real Ed25519", { timeout: timeoutMs }, async () => {
  const keys = scenarios.find(({ name }) => name === "real-keys")!;
  const once = () => play(keys, { seed: 3, size: { naras: 3, hours: 0.1 } });
  expect((await once()).traceHash).toBe((await once()).traceHash);
});

test("a world that agrees less than it must has failed", { timeout: timeoutMs }, async () => {
  const turnover = scenarios.find(({ name }) => name === "turnover")!;
  const options = { seed: 7, size: turnover.testSize, leastAgreementOfAll: 1.1 };
  const { failures } = await play(turnover, options);
  expect(failures).toEqual(["only 1 of all pairs agree, not 1.1"]);
});
