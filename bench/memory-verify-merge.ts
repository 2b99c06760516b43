/** What it costs to believe what others remember, from text to ledger, in Node and in Chromium. */
import { line } from "./report.ts";
import { measureInSharedWorker } from "./shared-worker.ts";
import { measureVerifyMerge, type VerifyMergeRates } from "./verify-merge-rates.ts";

/** Reading, hashing and remembering may cost 15 % over verification alone. */
const mergedShare = 0.85;
/** A page is never to wait longer for its host. */
const longestPauseMs = 50;

export async function reportVerifyMerge(): Promise<void> {
  report("Node", await measureVerifyMerge());
  report("SharedWorker", await measureInSharedWorker("bench/verify-merge-worker.ts"));
}

function report(where: string, rates: VerifyMergeRates): void {
  line({
    name: `${rates.events} events from JSON verified and merged, ${where}`,
    figure: rates.mergedPerS,
    unit: "/s",
    baseline: rates.rawPerS,
    ratio: rates.mergedToRaw,
    budget: "≥ 85 % of raw WebCrypto",
    ok: rates.mergedToRaw >= mergedShare,
  });
  line({
    name: `longest pause meanwhile, ${where}`,
    figure: rates.pauseMs,
    unit: "ms",
    baseline: rates.idlePauseMs,
    budget: `≤ ${longestPauseMs} ms`,
    ok: rates.pauseMs <= longestPauseMs,
  });
}
