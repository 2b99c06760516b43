import { expect, test } from "vitest";
import { newSyncEvent } from "../events/sync-event.ts";
import { drawable } from "./drawable.ts";
import { createLedger } from "./ledger.ts";

const change = (tsNs: bigint, importance: bigint) =>
  newSyncEvent("observation", tsNs, {
    observer: "alice",
    subject: "bob",
    type: "status-change",
    importance,
    online_state: "ONLINE",
  });
const heyThere = newSyncEvent("hey-there", 4n, { From: "carol", PublicKey: "key" });

test("a ledger gives what is proven to a draw as a list of the same events would", () => {
  const ledger = createLedger({ capacity: 3 });
  ledger.add(change(1n, 1n));
  for (const event of [change(3n, 3n), change(2n, 2n), heyThere]) ledger.add(event);
  const left = ledger.provenToDraw();
  expect([...left]).toEqual(ledger.events());
  const { events, times, importances } = drawable(ledger.events());
  expect([left.events, left.times, left.importances]).toEqual([events, times, importances]);
  expect([...importances]).toEqual([0, 2, 0]);
});

test("hearsay is not drawn", () => {
  const ledger = createLedger({ capacity: 9 });
  ledger.add(change(1n, 2n), { tier: "vouched", voucher: "dave" });
  ledger.add(heyThere);
  expect(ledger.provenToDraw().events).toEqual([heyThere]);
});
