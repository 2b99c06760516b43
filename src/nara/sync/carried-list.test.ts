import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeGoStream, int64, text } from "../codec/go-types.ts";
import { zine as wireZine } from "../events/carriers.ts";
import { encodeSyncEvent, newSyncEvent } from "../events/sync-event.ts";
import { maxBatchEvents } from "../limits.ts";
import { atOnce, inTurns, readCarried } from "./carried-list.ts";
import { batchLimits } from "./event-list.ts";

const carrier = {
  list: "events",
  head: { from: text, created_at: int64, signature: text },
};
const read = (source: string) => atOnce(readCarried(source, carrier));
const event = (index: number): string =>
  encodeSyncEvent(
    newSyncEvent("social", BigInt(index + 1), { type: "tease", actor: "bob", target: "carol" }),
  );
const many = (count: number): string[] => Array.from({ length: count }, (_, at) => event(at));

test("what is read piece by piece is what Go reads at once", () => {
  const bits = fc.constantFrom(
    ...['"from":"bob"', '"FROM":"x"', '"created_at":5', '"created_at":"5"', '"events":null'],
    ...['"events":[]', '"events":{}', `"events":[${event(1)}]`, `"Events":[${event(2)},null]`],
    ...['"events":[{"id":"a"}]', '"else":[1,{"a":[]}]', '"signature":null', '"from":', "}", ","],
  );
  fc.assert(
    fc.property(
      fc.array(bits, { maxLength: 6 }),
      fc.constantFrom("{", "", "[", " {"),
      (parts, open) => {
        const source = `${open}${parts.join(",")}}`;
        const expected = decodeGoStream(wireZine, source, batchLimits);
        const found = read(source);
        if (!expected.ok) expect(found).toEqual(expected);
        else {
          const { events, ...head } = expected.value;
          expect(found).toMatchObject({ ok: true, value: { head, events } });
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("a body of megabytes is read in pieces, and like any other", async () => {
  const events = many(maxBatchEvents);
  const filler = `"more":${JSON.stringify(Array(2200).fill("x".repeat(100)))}`;
  const source = `{"created_at":7,"events":[${events.join(" , ")}],${filler},"from":"bob"} and more`;
  expect(source.length).toBeGreaterThan(1_400_000);
  let breaths = 0;
  const found = await inTurns(readCarried(source, carrier), {
    breathe: async () => {
      breaths++;
    },
  });
  expect(breaths).toBeGreaterThanOrEqual(4);
  const expected = decodeGoStream(wireZine, source, batchLimits);
  expect(found).toMatchObject({
    ok: true,
    value: {
      head: { from: "bob", created_at: 7n },
      events: expected.ok ? expected.value.events : [],
    },
  });
});

test("more events than a batch may hold are counted, and not read", () => {
  const more = Array(90_000).fill('{"id":"x","social":{"type":7}}');
  const found = read(`{"events":[${[...many(maxBatchEvents), ...more].join(",")}]}`);
  expect(found.ok && found.value.events?.length).toBe(maxBatchEvents);
  expect(found.ok && found.value.ids.length).toBe(100_000);
  const tooMany = `{"events":[${Array(100_001).fill("{}").join(",")}]}`;
  expect(read(tooMany)).toEqual({ ok: false, refusal: "too_many_entries" });
});

test("no single value may be longer than a piece, and nothing is read beyond it", () => {
  const long = `{"id":"${"x".repeat(4000)}","social":{"a":[${Array(400_000).fill("1").join(",")}]}}`;
  for (const source of [`{"events":[${long}]}`, `{"from":"bob","more":[${long},${long}]}`]) {
    expect(read(source)).toEqual({ ok: false, refusal: "too_large" });
  }
  expect(read(`{"from":"bob"${" ".repeat(2_000_000)}}`)).toEqual({
    ok: false,
    refusal: "too_large",
  });
});

test("ten megabytes of anything hold nobody up for longer than a piece takes", async () => {
  const escaped = `{"id":"x","ts":1,"svc":"social","social":{"type":"tease","reason":"${"\\u0041".repeat(680)}"}}`;
  const source = `{"events":[${Array(2400).fill(escaped).join(",")}]}`;
  expect(source.length).toBeGreaterThan(9_900_000);
  let breaths = 0;
  const found = await inTurns(readCarried(source, carrier), {
    breathe: async () => {
      breaths++;
    },
  });
  expect(found.ok && found.value.ids.length).toBe(2400);
  expect(breaths).toBeGreaterThan(30);
});
