/** What every host of a nara must do, whatever it runs in: the page protocol's host end. */
import { describe, expect, test } from "vitest";
import type { TimelineEntry } from "../../nara/view.ts";
import { protocolVersion, type ToPage } from "../protocol.ts";
import { hello, type Stage, type StagePage } from "./stage.ts";

export function hostAcceptance(name: string, createStage: () => Stage): void {
  describe(`${name}: the page protocol`, () => {
    const settled = async (stage: Stage, greeting: object = hello): Promise<StagePage> => {
      const page = stage.open();
      page.say(greeting);
      await stage.pass(20);
      return page;
    };

    test("a page that says hello is welcomed, then hears the state, then the living nara", async () => {
      const stage = createStage();
      const page = await settled(stage);
      expect(page.heard[0]).toMatchObject({ type: "welcome", protocol: protocolVersion });
      expect(page.heard[1]).toMatchObject({ type: "state", state: { life: "waking" } });
      expect(page.heard.at(-1)).toMatchObject({ type: "state", state: { life: "living" } });
      expect(new Set(page.heard.map(epochOf)).size).toBe(1);
    });

    test("a host that started anew has another epoch", async () => {
      const first = await settled(createStage());
      const second = await settled(createStage());
      expect(epochOf(first.heard[0])).not.toBe(epochOf(second.heard[0]));
    });

    test("three pages are one nara, and hear the same view", async () => {
      const stage = createStage();
      const pages = [await settled(stage), await settled(stage), await settled(stage)];
      expect(stage.troupe.actors).toHaveLength(1);
      expect(new Set(pages.map((page) => JSON.stringify(page.heard.at(-1)))).size).toBe(1);
    });

    test("a page that says nothing hears nothing", async () => {
      const stage = createStage();
      await settled(stage);
      const silent = stage.open();
      stage.troupe.first().change({ timeline: [entry("a")] });
      await stage.pass(100);
      expect(silent.heard).toEqual([]);
    });

    test("many changes within a frame are one delta, numbered after the snapshot without gaps", async () => {
      const stage = createStage();
      const page = await settled(stage);
      const snapshot = page.heard.at(-1);
      const before = page.heard.length;
      const nara = stage.troupe.first();
      for (let frame = 0; frame < 3; frame++) {
        for (const id of ["a", "b", "c"]) nara.change({ timeline: [entry(`${id}${frame}`)] });
        await stage.pass(16);
      }
      const deltas = page.heard.slice(before);
      expect(deltas.map((delta) => delta.type)).toEqual(["delta", "delta", "delta"]);
      expect(deltas.map(seqOf)).toEqual([1, 2, 3].map((step) => seqOf(snapshot) + step));
      expect(deltas[1]).toMatchObject({ delta: { timeline: ["a1", "b1", "c1"].map(entry) } });
    });

    test("never more than one delta in any frame, however the changes fall", async () => {
      const stage = createStage();
      const page = await settled(stage);
      const before = page.heard.length;
      for (let ms = 0; ms < 320; ms++) {
        stage.troupe.first().change({ clockSkewMs: ms });
        await stage.pass(1);
      }
      const deltas = page.heard.length - before;
      expect(deltas).toBeGreaterThanOrEqual(18);
      expect(deltas).toBeLessThanOrEqual(20);
    });

    test("a page that joins in mid-frame hears every change exactly once", async () => {
      const stage = createStage();
      const early = await settled(stage);
      const nara = stage.troupe.first();
      nara.change({ timeline: [entry("before")] });
      const late = stage.open();
      late.say(hello);
      nara.change({ timeline: [entry("after")] });
      await stage.pass(40);
      nara.change({ timeline: [entry("later")] });
      await stage.pass(40);
      expect(timelineOf(late)).toEqual(["before", "after", "later"]);
      expect(timelineOf(early)).toEqual(["before", "after", "later"]);
      expect(seqOf(late.heard.at(-1))).toBe(seqOf(early.heard.at(-1)));
    });

    test("a page that lost its place says hello again and gets a fresh snapshot", async () => {
      const stage = createStage();
      const page = await settled(stage);
      stage.troupe.first().change({ timeline: [entry("a")] });
      await stage.pass(20);
      page.say(hello);
      await stage.pass(20);
      expect(page.heard.slice(-2).map((message) => message.type)).toEqual(["welcome", "state"]);
      expect(timelineOf(page)).toEqual(["a"]);
      expect(stage.troupe.actors).toHaveLength(1);
    });

    test("every command is answered under its number, to the page that gave it", async () => {
      const stage = createStage();
      const asking = await settled(stage);
      const other = await settled(stage);
      const before = other.heard.length;
      asking.say({ type: "command", id: 7, command: { type: "export-soul" } });
      asking.say({ type: "command", id: 8, command: { type: "rename", name: "Not A Name" } });
      await stage.pass(20);
      expect(asking.heard.slice(-2)).toMatchObject([
        { type: "result", id: 7, result: { ok: true, type: "soul" } },
        { type: "result", id: 8, result: { ok: false, type: "refused" } },
      ]);
      expect(other.heard).toHaveLength(before);
    });

    test("what means nothing is ignored, and an unknown command is refused", async () => {
      const stage = createStage();
      const page = await settled(stage);
      const before = page.heard.length;
      const nonsense = [null, 7, "hello", [], {}, { type: "hello" }, { type: "command", id: "7" }];
      for (const message of nonsense) page.say(message);
      page.say({ ...hello, origin: "file:///etc/passwd" });
      await stage.pass(20);
      expect(page.heard).toHaveLength(before);
      page.say({ type: "command", id: 9, command: { type: "explode" } });
      page.say({ type: "command", id: 10, command: { type: "rename", name: "x".repeat(5000) } });
      await stage.pass(20);
      expect(page.heard.slice(before)).toMatchObject([
        { type: "result", id: 9, result: { ok: false } },
        { type: "result", id: 10, result: { ok: false } },
      ]);
      expect(stage.troupe.living()).toHaveLength(1);
    });

    test("a page of an older protocol hears the number and nothing more", async () => {
      const stage = createStage();
      const page = await settled(stage, { type: "hello", protocol: protocolVersion - 1 });
      expect(page.heard).toMatchObject([{ type: "welcome", protocol: protocolVersion }]);
    });

    test("a page of a newer protocol makes the host step aside", async () => {
      const stage = createStage();
      const old = await settled(stage);
      const newer = await settled(stage, { type: "hello", protocol: protocolVersion + 1 });
      expect(newer.heard).toMatchObject([{ type: "welcome", protocol: protocolVersion }]);
      expect(old.heard.at(-1)).toMatchObject({ type: "welcome", protocol: protocolVersion + 1 });
      expect(stage.troupe.living()).toEqual([]);
      expect(stage.troupe.first().asked).toContain("stop");
      expect(stage.closed()).toBe(1);
    });

    test("closing one of two pages says nothing; closing the last says chau at once", async () => {
      const stage = createStage();
      const first = await settled(stage);
      const second = await settled(stage);
      first.say({ type: "leaving" });
      await stage.pass(60_000);
      expect(stage.troupe.living()).toHaveLength(1);
      second.say({ type: "leaving" });
      expect(stage.troupe.first().asked).toEqual(["start", "stop"]);
    });

    test("a page that left hears no more, until it says hello again", async () => {
      const stage = createStage();
      await settled(stage);
      const leaver = await settled(stage);
      leaver.say({ type: "leaving" });
      const before = leaver.heard.length;
      stage.troupe.first().change({ clockSkewMs: 1 });
      await stage.pass(20);
      expect(leaver.heard).toHaveLength(before);
      leaver.say(hello);
      await stage.pass(20);
      expect(leaver.heard.at(-1)).toMatchObject({ type: "state", state: { life: "living" } });
    });

    test("a worker that lingers keeps its nara through a reload", async () => {
      const stage = createStage();
      const page = await settled(stage, { ...hello, lingers: true });
      page.say({ type: "leaving" });
      await stage.pass(2900);
      await settled(stage, { ...hello, lingers: true });
      await stage.pass(60_000);
      expect(stage.troupe.actors.map((actor) => actor.asked)).toEqual([["start"]]);
      expect(stage.closed()).toBe(0);
    });

    test("a worker that lingers says chau and ends once nobody came back", async () => {
      const stage = createStage();
      const page = await settled(stage, { ...hello, lingers: true });
      page.say({ type: "leaving" });
      await stage.pass(3100);
      expect(stage.troupe.actors.map((actor) => actor.asked)).toEqual([["start", "stop"]]);
      expect(stage.closed()).toBe(1);
    });

    test("a host whose last page left wakes the same soul for the next one", async () => {
      const stage = createStage();
      const page = await settled(stage);
      page.say({ type: "leaving" });
      await settled(stage);
      const souls = stage.troupe.actors.map((actor) => actor.who.soulText);
      expect(souls).toEqual([souls[0], souls[0]]);
      expect(stage.troupe.living()).toHaveLength(1);
    });

    test("a page that dies without a word is noticed by its lock", async () => {
      const stage = createStage();
      const die = await stage.locks.tryTake("page 1");
      await settled(stage, { ...hello, lifeLock: "page 1" });
      await stage.pass(3_600_000);
      expect(stage.troupe.living()).toHaveLength(1);
      die?.();
      await stage.pass(20);
      expect(stage.troupe.first().asked).toContain("stop");
    });

    test("a page that connects but never says hello does not keep the nara alive", async () => {
      const stage = createStage();
      stage.open();
      const page = await settled(stage);
      page.say({ type: "leaving" });
      await stage.pass(10_000);
      expect(stage.troupe.living()).toEqual([]);
    });
  });
}

function entry(id: string): TimelineEntry {
  const said = { icon: "👋", text: id, detail: "", about: "", signed: true };
  return { id, kind: "hey-there", atMs: 1, ...said };
}

function epochOf(message: ToPage | undefined): string {
  return message !== undefined && "epoch" in message ? message.epoch : "";
}

function seqOf(message: ToPage | undefined): number {
  return message !== undefined && "seq" in message ? message.seq : Number.NaN;
}

/** Ids of the timeline as this page has it, from its last snapshot on. */
function timelineOf(page: StagePage): readonly string[] {
  let ids: string[] = [];
  for (const message of page.heard) {
    if (message.type === "state" && message.state.life === "living") {
      ids = message.state.view.timeline.map(({ id }) => id);
    }
    if (message.type === "delta") ids.push(...(message.delta.timeline ?? []).map(({ id }) => id));
  }
  return ids;
}
