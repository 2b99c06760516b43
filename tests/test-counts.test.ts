import { expect, test } from "vitest";
import { playwrightCounts, simulationCounts, vitestCounts } from "../scripts/test-counts.mjs";

const vitestReport = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 1,
  numTodoTests: 2,
  testResults: [
    { status: "failed", assertionResults: [{ status: "passed" }, { status: "failed" }] },
  ],
};

test("what passed, what failed and what did not run are counted apart", () => {
  expect(vitestCounts(vitestReport)).toEqual({ passed: 5, failed: 1, notRun: 3 });
});

test("a test file that does not even load is a failure", () => {
  const broken = { status: "failed", assertionResults: [] };
  const report = { ...vitestReport, testResults: [...vitestReport.testResults, broken] };
  expect(vitestCounts(report).failed).toBe(2);
});

test("a page test that passed only when repeated has failed", () => {
  const stats = { expected: 4, unexpected: 0, flaky: 1, skipped: 1 };
  expect(playwrightCounts({ stats, errors: [] })).toEqual({ passed: 4, failed: 1, notRun: 1 });
});

test("an error outside of every page test is a failure", () => {
  const stats = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };
  expect(playwrightCounts({ stats, errors: [{}] }).failed).toBe(1);
});

test("each scenario of a simulation counts once", () => {
  const scenarios = [{ failures: [] }, { failures: ["false MISSING", "logged"] }, { failures: [] }];
  expect(simulationCounts(JSON.stringify({ scenarios }))).toEqual({
    passed: 2,
    failed: 1,
    notRun: 0,
  });
});

test("a simulation that breaks off before its last word is a failure", () => {
  const failure = { passed: 0, failed: 1, notRun: 0 };
  expect(simulationCounts("churn: virtual hour 3 is over")).toEqual(failure);
  expect(simulationCounts("")).toEqual(failure);
});
