import { expect, test } from "vitest";
import { usedBytes } from "../../../tests/support/used-bytes.ts";
import {
  decodeSyncEvent,
  encodeSyncEvent,
  newSyncEvent,
  type SyncEvent,
} from "../events/sync-event.ts";
import { createTextSharer } from "./shared-texts.ts";

const teaseOf = (actor: string, reason: string): SyncEvent =>
  newSyncEvent("social", 1_700_000_000_000_000_000n, {
    ...{ type: "tease", actor, target: "bob", reason, witness: "" },
  });

test("equal texts of two events become one, and nothing else changes", () => {
  const share = createTextSharer();
  const [one, other] = [teaseOf("a-nara-of-many-letters", "x"), teaseOf("alice", "x".repeat(100))];
  const before = [encodeSyncEvent(one), encodeSyncEvent(other)];
  for (const event of [one, other]) share(event);
  expect([one, other].map(encodeSyncEvent)).toEqual(before);
});

test("an event does not keep the message alive that it came with", async () => {
  const share = createTextSharer();
  const [count, messageLength] = [200, 200_000];
  const before = await usedBytes();
  const events: SyncEvent[] = [];
  for (let each = 0; each < count; each++) {
    const told = encodeSyncEvent(teaseOf(`a-nara-of-many-letters-${each}`, `${each}`.repeat(40)));
    const message = Buffer.from(" ".repeat(messageLength) + told).toString();
    const read = decodeSyncEvent(message.slice(messageLength));
    if (!read.ok) throw new Error(`refused: ${read.refusal}`);
    share(read.value);
    events.push(read.value);
  }
  const keptEach = ((await usedBytes()) - before) / count;
  expect(events.length).toBe(count);
  expect(keptEach).toBeLessThan(messageLength / 20);
});
