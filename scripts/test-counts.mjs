/** Reads how many tests passed and failed from the runners' JSON reports. */

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} notRun declared, but skipped or left to do
 *
 * @typedef {{ readonly status: string }} Judged
 *
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {readonly (Judged & { readonly assertionResults: readonly Judged[] })[]} testResults
 *   one per file
 *
 * @typedef {object} PlaywrightReport
 * @property {{ expected: number, unexpected: number, flaky: number, skipped: number }} stats
 * @property {readonly unknown[]} errors those outside of any test
 *
 * @typedef {object} SimulationReport
 * @property {readonly { readonly failures: readonly string[] }[]} scenarios
 */

/** @type {(result: Judged) => boolean} */
const hasFailed = (result) => result.status === "failed";

/**
 * A file that failed before it declared a test counts as one failure.
 *
 * @param {VitestReport} report
 * @returns {Counts}
 */
export function vitestCounts(report) {
  const brokenFiles = report.testResults.filter(
    (file) => hasFailed(file) && !file.assertionResults.some(hasFailed),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    notRun: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * A test that passed only when repeated has failed; so has the run, once per error outside of any
 * test.
 *
 * @param {PlaywrightReport} report
 * @returns {Counts}
 */
export function playwrightCounts(report) {
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, notRun: skipped };
}

/**
 * A simulation that says nothing in the end has failed.
 *
 * @param {string} line the last that it said, one of JSON
 * @returns {Counts}
 */
export function simulationCounts(line) {
  if (!line.startsWith("{")) return { passed: 0, failed: 1, notRun: 0 };
  /** @type {SimulationReport} */
  const { scenarios } = JSON.parse(line);
  const passed = scenarios.filter(({ failures }) => failures.length === 0).length;
  return { passed, failed: scenarios.length - passed, notRun: 0 };
}
