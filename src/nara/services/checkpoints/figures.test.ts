import { expect, test } from "vitest";
import { utf8 } from "../../codec/utf8.ts";
import type { Payloads } from "../../events/event-kinds.ts";
import { newSyncEvent, type SyncEvent } from "../../events/sync-event.ts";
import { createLedger } from "../../ledger/ledger.ts";
import { createProjections } from "../../projections/projections.ts";
import { agrees, figuresOf, median } from "./figures.ts";

const nowS = 1_800_000_000n;
const second = 1_000_000_000n;
const dayS = 86_400n;

function memory() {
  const ledger = createLedger({ capacity: 1000 });
  const judge = { soulText: "", personality: { agreeableness: 50, sociability: 50, chill: 50 } };
  const projections = createProjections(ledger, judge, { nowNs: () => nowS * second });
  const add = (event: SyncEvent, tier: "proven" | "vouched" = "proven"): void => {
    const standing = tier === "proven" ? { tier } : { tier, voucher: "mallory" };
    expect(ledger.add(event, standing).ok).toBe(true);
  };
  return {
    saw(by: string, seen: Partial<Payloads["observation"]>, agoS = 100n): void {
      const payload = { observer: by, subject: "alice", importance: 3n, ...seen };
      const event = newSyncEvent("observation", (nowS - agoS) * second, payload) as SyncEvent;
      add({ ...event, emitter: by, sig: btoa(String.fromCharCode(...utf8(by))) });
    },
    agreed(figures: readonly [bigint, bigint, bigint], agoS: bigint, tier?: "vouched"): void {
      const [restarts, total_uptime, start_time] = figures;
      const { payload } = newSyncEvent("checkpoint", 0n, {});
      const observation = { ...payload.observation, restarts, total_uptime, start_time };
      const told = { ...payload, subject: "alice", observation, as_of_time: nowS - agoS };
      add(newSyncEvent("checkpoint", (nowS - agoS) * second, told), tier);
    },
    figures: () => figuresOf({ ledger, projections }, "alice", nowS),
  };
}

test("of whom nobody ever said anything, nothing is known", () => {
  expect(memory().figures()).toEqual({ restarts: 0n, totalUptimeS: 0n, startTimeS: 0n });
});

test("without a checkpoint the middle of the voices counts, and each observer is one", () => {
  const { saw, figures } = memory();
  saw("bob", { type: "restart", start_time: 1_700_000_000n, restart_num: 7n });
  saw("carol", { type: "restart", start_time: 1_700_000_010n, restart_num: 8n });
  for (let at = 1n; at < 20n; at++) {
    saw("mallory", { type: "restart", start_time: 5n * at, restart_num: 900n + at }, at);
  }
  expect(figures()).toMatchObject({ restarts: 8n, startTimeS: 1_700_000_000n });
});

test("a checkpoint settles the start, and later starts are counted on", () => {
  const { saw, agreed, figures } = memory();
  agreed([40n, 5000n, 1_700_000_000n], dayS);
  saw("mallory", { type: "first-seen", start_time: 5n });
  expect(figures()).toEqual({ restarts: 40n, totalUptimeS: 5000n, startTimeS: 1_700_000_000n });
  saw("bob", { type: "restart", start_time: nowS - 500n, restart_num: 41n });
  saw("carol", { type: "restart", start_time: nowS - 500n, restart_num: 41n }, 99n);
  saw("carol", { type: "restart", start_time: nowS - 300n, restart_num: 42n });
  expect(figures().restarts).toBe(42n);
});

test("of restarts that one observer alone tells, no more count than voters tolerate", () => {
  const { saw, agreed, figures } = memory();
  agreed([40n, 5000n, 1_700_000_000n], dayS);
  for (let at = 1n; at < 19n; at++) {
    saw("mallory", { type: "restart", start_time: nowS - 1000n + at, restart_num: 40n + at }, at);
  }
  expect(figures().restarts).toBe(45n);
});

test("nobody was up for longer than there was time", () => {
  const { saw, agreed, figures } = memory();
  agreed([40n, 5000n, 1_700_000_000n], 1000n);
  saw("mallory", { type: "status-change", importance: 2n, online_state: "ONLINE" }, 900n);
  expect(figures().totalUptimeS).toBe(5900n);
  const young = memory();
  young.saw("bob", { type: "first-seen", start_time: nowS - 100n });
  young.saw("mallory", { type: "status-change", importance: 2n, online_state: "ONLINE" }, 90_000n);
  expect(young.figures().totalUptimeS).toBe(100n);
});

test("hearsay of a checkpoint settles nothing", () => {
  const { agreed, figures } = memory();
  agreed([40n, 5000n, 1_700_000_000n], dayS);
  agreed([900n, 9_000_000n, 5n], 10n, "vouched");
  expect(figures()).toEqual({ restarts: 40n, totalUptimeS: 5000n, startTimeS: 1_700_000_000n });
});

test("figures agree within the tolerance, its edge included", () => {
  const mine = { restarts: 10n, totalUptimeS: 1000n, startTimeS: 5000n };
  expect(agrees({ restarts: 15n, totalUptimeS: 940n, startTimeS: 5060n }, mine)).toBe(true);
  expect(agrees({ ...mine, restarts: 16n }, mine)).toBe(false);
  expect(agrees({ ...mine, totalUptimeS: 1061n }, mine)).toBe(false);
  expect(agrees({ ...mine, startTimeS: 4939n }, mine)).toBe(false);
});

test("the median of an even number is the lower of the two in the middle", () => {
  expect(median([])).toBe(0n);
  expect(median([4n, 1n])).toBe(1n);
  expect(median([9n, 1n, 4n])).toBe(4n);
});
