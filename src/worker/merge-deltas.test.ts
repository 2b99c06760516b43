import fc from "fast-check";
import { expect, test } from "vitest";
import type { NaraView, NaraViewDelta, NeighbourView } from "../nara/view.ts";
import { withDelta } from "../ui/following.ts";
import { mergeDeltas } from "./merge-deltas.ts";
import { firstView } from "./testing/actors.ts";

const start: NaraView = firstView({ name: "zorro", id: "id", bondValid: true }, "ws://plaza");

test("a merged delta has the effect of all its parts in order", () => {
  fc.assert(
    fc.property(fc.array(delta(), { maxLength: 12 }), (deltas) => {
      const oneByOne = deltas.reduce(withDelta, start);
      expect(sorted(withDelta(start, mergeDeltas(deltas)))).toEqual(sorted(oneByOne));
    }),
  );
});

test("a neighbour that went and came back is only there, one that came and went only gone", () => {
  const came = { neighbours: [neighbour("fox", 1)] };
  const went = { gone: ["fox"] };
  expect(mergeDeltas([went, came])).toEqual(came);
  expect(mergeDeltas([came, went])).toEqual(went);
});

test("no changes are an empty delta", () => {
  expect(mergeDeltas([])).toEqual({});
});

test("more than a timeline holds leaves the newest hundred entries", () => {
  const deltas = Array.from({ length: 250 }, (_, at) => ({ timeline: [entry(String(at))] }));
  const ids = mergeDeltas(deltas).timeline?.map((one) => one.id);
  expect(ids).toEqual(Array.from({ length: 100 }, (_, at) => String(150 + at)));
});

function delta(): fc.Arbitrary<NaraViewDelta> {
  const name = fc.constantFrom("fox", "owl", "elk");
  return fc.record(
    {
      me: fc.nat(9).map((buzz) => ({ ...start.me, buzz })),
      neighbours: fc.array(fc.tuple(name, fc.nat(9)).map(([one, buzz]) => neighbour(one, buzz))),
      gone: fc.array(name),
      timeline: fc.array(fc.string().map(entry), { maxLength: 40 }),
      plaza: fc
        .nat(9)
        .map((attempt) => ({ state: "connecting", address: "ws://plaza", attempt }) as const),
      drops: fc.array(fc.record({ reason: name, meaning: fc.constant(""), count: fc.nat(99) })),
      mesh: fc.nat(9).map((peers) => ({ ...start.mesh, peers })),
      postcards: fc.nat(9).map((carried) => ({ ...start.postcards, carried })),
      stash: fc.nat(9).map((savedAtMs) => ({ ...start.stash, savedAtMs })),
      memory: fc.nat(9).map((held) => ({ ...start.memory, held })),
      clockSkewMs: fc.option(fc.integer(), { nil: null }),
    },
    { requiredKeys: [] },
  );
}

function neighbour(name: string, buzz: number): NeighbourView {
  return {
    ...start.me,
    name,
    buzz,
    online: "ONLINE",
    lastSeenAtMs: 0,
    startedAtMs: 0,
    lastRestartAtMs: 0,
    restarts: 0,
    version: "",
    memoryMode: "",
    greetedMe: false,
    keyConflicts: 0,
  };
}

function entry(id: string) {
  const said = { icon: "👋", text: "", detail: "", about: "", signed: true };
  return { id, kind: "howdy", atMs: 0, ...said };
}

/** Neighbours and drops are in no particular order. */
function sorted(view: NaraView): NaraView {
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
  const byReason = (a: { reason: string }, b: { reason: string }) =>
    a.reason.localeCompare(b.reason);
  return {
    ...view,
    neighbours: [...view.neighbours].sort(byName),
    drops: [...view.drops].sort(byReason),
  };
}
