/** Memories made up for looking at: pages of them, beliefs, and what an import might answer. */
import type { Belief, Share } from "../../nara/projections/provenance.ts";
import type {
  BeliefView,
  EvidenceView,
  MemoryPage,
  MemoryQuery,
  NaraView,
} from "../../nara/view.ts";
import type { Command, CommandResult } from "../../worker/protocol.ts";

const newestAtMs = 1_795_000_000_000;

/** Undefined for commands that have nothing to do with memories. */
export const answerFromMemory = (command: Command, view: NaraView): CommandResult | undefined => {
  switch (command.type) {
    case "recall":
      return { ok: true, type: "recalled", page: samplePage(command.query, view) };
    case "why":
      return { ok: true, type: "beliefs", beliefs: sampleBeliefs(command.name) };
    case "export-events":
      return { ok: true, type: "events-exported", dump: new Blob(["{}\n"]), events: 1 };
    case "import-events":
      return {
        ok: true,
        type: "events-imported",
        report: {
          lines: 1210,
          events: 1207,
          bad: { malformed: 3 },
          firstBad: [{ line: 17, reason: "malformed" }],
          remembered: 1090,
          refused: { duplicate: 96, invalid_signature: 21 },
        },
        refusals: [
          { reason: "duplicate", meaning: "I have heard exactly this before", count: 96 },
          { reason: "invalid_signature", meaning: "the signature is not its author's", count: 21 },
          { reason: "malformed", meaning: "it was not readable as a nara message", count: 3 },
        ],
      };
    default:
      return undefined;
  }
};

const samplePage = ({ kinds, name, cursor, limit }: MemoryQuery, view: NaraView): MemoryPage => {
  const names = view.neighbours.map((one) => one.name);
  const isAll = kinds.length === 0 && name === "";
  const everything = Array.from({ length: view.memory.held }, (_, at) => at);
  const all = everything.filter((at) => {
    const [kind, actor] = isAll ? ["", ""] : sampleAt(at, names);
    return isAll || ((kinds.length === 0 || kinds.includes(kind)) && actor.includes(name));
  });
  const from = Number(cursor || 0);
  const entries = all.slice(from, from + limit).map((at) => {
    const [kind, about, icon, text, detail] = sampleAt(at, names);
    const atMs = newestAtMs - at * 31_000;
    return { id: `m${at}`, kind, icon, text, detail, about, atMs, signed: at % 9 !== 4 };
  });
  const next = from + limit;
  return { entries, cursor: next < all.length ? String(next) : "", total: all.length };
};

const sampleAt = (
  at: number,
  names: readonly string[],
): readonly [string, string, string, string, string] => {
  const one = names[at % names.length] ?? "nobody";
  const other = names[(at * 7 + 3) % names.length] ?? "nobody";
  const kinds: readonly (readonly [string, string, string, string])[] = [
    ["social", "😈", `${one} → ${other}`, "back again? we kept your chair warm"],
    ["ping", "🏓", `${one} called across to ${other}`, "23.4 ms, a stone's throw"],
    ["observation", "🔄", `${one} woke up again`, "for the 4th time"],
    ["hey-there", "👋", `${one} says hey there`, "and pulls up a chair"],
    ["seen", "👀", `${one} came across ${other}`, "between the lines of a zine"],
    ["chau", "👋", `${one} says chau`, "and leaves the door on the latch"],
    ["checkpoint", "📸", `${one} sat for a portrait`, "7 restarts, 12 h awake, 5 witnesses"],
  ];
  const [kind, icon, text, detail] = kinds[(at * 5 + (at >> 3)) % kinds.length] ?? ["", "", "", ""];
  return [kind, one, icon, text, detail];
};

const sampleBeliefs = (name: string): readonly BeliefView[] => {
  const said = (belief: Belief, values: readonly (readonly [number, Share])[]): BeliefView => ({
    belief,
    value: values[0]?.[0] ?? 0,
    online: belief === "online" ? "ONLINE" : "",
    total: values.length,
    evidence: values.map(
      ([value, share], at): EvidenceView => ({
        id: `${belief}${at}`,
        kind: "observation",
        icon: "🔄",
        text: `${name} woke up again`,
        detail: "for the 4th time",
        about: "velvet-otter-204",
        atMs: newestAtMs - at * 3_600_000,
        signed: at !== 2,
        share,
        voice: at === 0 ? "" : `witness-${at}`,
        value,
      }),
    ),
  });
  const startS = newestAtMs / 1000 - 400_000;
  return [
    said("online", [
      [1, "kept"],
      [0, "superseded"],
    ]),
    said("start-time", [
      [startS, "kept"],
      [startS, "kept"],
      [startS + 50_000, "outlier"],
    ]),
    said("restarts", [
      [4, "kept"],
      [4, "kept"],
      [97, "outlier"],
      [3, "superseded"],
    ]),
    said("last-restart", [[startS + 100_000, "kept"]]),
    said("uptime", [[93_000, "kept"]]),
    said("clout", []),
  ];
};
