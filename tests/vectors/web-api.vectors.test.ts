/** The web API's answers have the reference's status, content type, keys in order, and types. */
import { expect, test } from "vitest";
import { textOf } from "../../src/nara/testing/mesh-nara.ts";
import { createWebApiScene } from "../../src/nara/testing/web-api-scene.ts";
import { coverSections, testCases } from "./support.ts";

interface Recorded {
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

coverSections("web-api.json", {
  answers: (cases: readonly Recorded[]) => testCases(cases, answersAlike),
  stream: ({ told: stream }: { readonly told: string }) => {
    test("the stream greets and tells as the reference's does", () => {
      const scene = createWebApiScene();
      let told = "";
      scene.api.subscribe((text) => {
        told += text;
      });
      scene.tease("carol");
      const [ours, theirs] = [told, stream].map((text) => text.trim().split("\n\n"));
      expect(ours?.[0]).toBe(theirs?.[0]);
      const [ourEvent, ourData] = ours?.[1]?.split("\ndata: ") ?? [];
      const [theirEvent, theirData] = theirs?.[1]?.split("\ndata: ") ?? [];
      expect(ourEvent).toBe(theirEvent);
      compare(JSON.parse(ourData ?? ""), JSON.parse(theirData ?? ""), "stream");
    });
  },
});

/** Asked of a network like the recorded one. */
async function answersAlike(theirs: Recorded): Promise<void> {
  const scene = createWebApiScene();
  const ours = await scene.get(theirs.path.replace("{id}", scene.teaseId));
  expect(ours.status).toBe(theirs.status);
  expect(ours.headers.get("content-type")).toBe(theirs.contentType);
  const text = textOf(ours);
  if (theirs.path === "/metrics") {
    expect(typesIn(text)).toEqual(typesIn(theirs.body));
  } else if (theirs.contentType.startsWith("text/plain")) {
    expect(text).toBe(theirs.body);
  } else {
    expect(text.endsWith("}\n")).toBe(true);
    compare(JSON.parse(text), JSON.parse(theirs.body), theirs.path);
  }
}

const typesIn = (text: string): readonly string[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("# TYPE "))
    .sort();

/** Left out by Go when empty, which depends on the moment. */
const omitted = new Set([
  ...["restarts", "total_uptime", "start_time", "online", "last_seen", "last_restart"],
  ...["cluster_name", "cluster_emoji", "last_ping_rtt", "avg_ping_rtt", "last_ping_time"],
  ...["coordinates", "transport_mode", "event_store_total", "event_store_by_service"],
  ...["event_store_critical", "memory_mode", "memory_budget_mb", "memory_max_events"],
]);

/** Keyed by names or services: whoever is known. */
const byName = new Set(["Observations", "observations", "clout", "online_status", "opinions"]);
byName.add("event_store_by_service");

function compare(ours: unknown, theirs: unknown, at: string): void {
  // What is empty says nothing of its members, and Go prints some empty lists as null.
  if (ours === null || theirs === null) return;
  expect(kindOf(ours), at).toBe(kindOf(theirs));
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (ours.length > 0 && theirs.length > 0) compare(ours[0], theirs[0], `${at}[0]`);
    return;
  }
  if (typeof ours !== "object" || typeof theirs !== "object") return;
  const [one, other] = [ours as Shown, theirs as Shown];
  const key = at.split(".").at(-1) ?? "";
  if (byName.has(key)) {
    const [first, second] = [Object.values(one)[0], Object.values(other)[0]];
    if (first !== undefined && second !== undefined) compare(first, second, `${at}.*`);
    return;
  }
  const isAlways = (name: string): boolean => !omitted.has(name) || isFlat(at);
  expect(Object.keys(one).filter(isAlways), at).toEqual(Object.keys(other).filter(isAlways));
  for (const name of Object.keys(one)) {
    if (name in other) compare(one[name], other[name], `${at}.${name}`);
  }
}

type Shown = { readonly [key: string]: unknown };

/** Answers whose maps always hold every key. */
const isFlat = (at: string): boolean =>
  /^\/(narae\.json\.naras\[0\]|profile\/\w+\.json|network\/map\.nodes\[0\])$/.test(at);

const kindOf = (value: unknown): string => (Array.isArray(value) ? "list" : typeof value);
