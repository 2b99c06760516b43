/** Verification through our Crypto port, in Node and in a Chromium SharedWorker. */
import { line } from "./report.ts";
import { measureInSharedWorker } from "./shared-worker.ts";
import { measureVerifyRates, type VerifyRates } from "./verify-rates.ts";

/** Our port may cost 15 % over the engine's own verification. */
const portShare = 0.85;
/** noble is the fallback where there is no WebCrypto; below this a busy plaza outruns it. */
const noblePerS = 300;
/** A page is never to wait longer for its host. */
const longestPauseMs = 50;

report("Node", await measureVerifyRates());
report("SharedWorker", await measureInSharedWorker<VerifyRates>("bench/verify-worker.ts"));

function report(where: string, rates: VerifyRates): void {
  line({
    name: `${rates.kind} port in ${where}`,
    figure: rates.portPerS,
    unit: "/s",
    baseline: rates.rawPerS,
    ratio: rates.portToRaw,
    budget: "≥ 85 % of raw WebCrypto",
    ok: rates.portToRaw >= portShare,
  });
  line({
    name: `noble in ${where}`,
    figure: rates.noblePerS,
    unit: "/s",
    baseline: rates.rawPerS,
    ratio: rates.noblePerS / rates.rawPerS,
    budget: `≥ ${noblePerS} /s`,
    ok: rates.noblePerS >= noblePerS,
  });
  line({
    name: `longest pause, ${where}, ${rates.kind}`,
    figure: rates.portPauseMs,
    unit: "ms",
    budget: `≤ ${longestPauseMs} ms`,
    ok: rates.portPauseMs <= longestPauseMs,
  });
  line({
    name: `longest pause, ${where}, noble`,
    figure: rates.noblePauseMs,
    unit: "ms",
    budget: `≤ ${longestPauseMs} ms`,
    ok: rates.noblePauseMs <= longestPauseMs,
  });
}
