/** What it costs to remember and to believe, at the size of the longest memory. */
import { scribbledMix } from "./event-mix.ts";
import { reportLedger } from "./memory-ledger.ts";
import { reportProjections } from "./memory-projections.ts";
import { reportSampling } from "./memory-sampling.ts";
import { reportVerifyMerge } from "./memory-verify-merge.ts";

/** Events of the hog mode (docs/protocol/identity.md §7). */
const longest = 320_000;
const nowNs = 1_800_000_000_000_000_000n;

await reportLedger();
await reportVerifyMerge();
const mix = scribbledMix({ seed: "memory", count: longest, untilNs: nowNs });
reportProjections(mix, nowNs);
reportSampling(nowNs);
