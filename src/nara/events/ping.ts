/** One nara timed another over the mesh. (events-and-ledger §1, §2) */
import { goFixed } from "../codec/go-fixed.ts";
import { float64, omitEmpty, struct, text, type ValueOf } from "../codec/go-types.ts";
import { maxRttMs } from "../limits.ts";
import { eventKind } from "./event-kind.ts";

const payload = struct({
  observer: omitEmpty(text),
  observer_id: omitEmpty(text),
  target: omitEmpty(text),
  target_id: omitEmpty(text),
  /** Round trip, ms. */
  rtt: float64,
});

export type PingPayload = ValueOf<typeof payload>;

export const ping = eventKind({
  payload,
  content: (p) => `${p.observer}:${p.target}:${goFixed(p.rtt, 1)}`,
  refuse: (p) => {
    if (p.observer === "" || p.target === "") return "observer and target must be named";
    return p.rtt > 0 ? undefined : "rtt must be above 0 ms";
  },
  isPossible: (p) => p.rtt <= maxRttMs,
  covered: (p) =>
    p.observer_id === "" && p.target_id === "" ? p : { ...p, observer_id: "", target_id: "" },
  actor: (p) => p.observer,
  target: (p) => p.target,
  priority: () => 4,
  tell: (p) => ({
    icon: "🏓",
    text: `${p.observer} called across to ${p.target}`,
    detail: `${goFixed(p.rtt, 1)} ms, ${closeness(p.rtt)}`,
  }),
});

/** Cuts at 10, 50, 150 and 300 ms (docs/protocol/ui-and-api.md §b, event table). */
function closeness(rttMs: number): string {
  if (rttMs < 10) return "close enough to share a coat";
  if (rttMs < 50) return "a stone's throw";
  if (rttMs < 150) return "the next village over";
  if (rttMs < 300) return "beyond the hills";
  return "somewhere across the sea";
}
