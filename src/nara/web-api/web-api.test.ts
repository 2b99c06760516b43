import { expect, test } from "vitest";
import { newSyncEvent } from "../events/sync-event.ts";
import { accept, refuse } from "../outcome.ts";
import { newPostcard } from "../services/postcards/chain.ts";
import type { Note } from "../services/stash/vault.ts";
import { personNamed, textOf } from "../testing/mesh-nara.ts";
import { createWebApiScene } from "../testing/web-api-scene.ts";
import type { StashView } from "../view.ts";
import { maxListeners } from "./stream.ts";

const readable = [
  ...["/narae.json", "/api.json", "/profile/alice.json", "/social/clout", "/social/teases"],
  ...["/social/recent", "/world/journeys", "/network/map", "/proximity"],
  ...["/api/inspector/events", "/api/inspector/checkpoints", "/api/inspector/projections"],
];

test("a name full of markup is escaped in every answer, and breaks no JSON", async () => {
  const hostile = '<script>alert("x")</script>\u2028';
  const { get } = createWebApiScene({ names: [hostile] });
  for (const path of readable) {
    const text = textOf(await get(path));
    expect(text, path).not.toMatch(/[<>&\u2028]/);
    expect(() => JSON.parse(text), path).not.toThrow();
  }
  const profile = await get(`/profile/${encodeURIComponent(hostile)}.json`);
  expect(JSON.parse(textOf(profile)).name).toBe(hostile);
});

test("a name cannot add a line to the metrics", async () => {
  const { get } = createWebApiScene({ names: ['x"} 1\nnara_online{name="y'] });
  const lines = textOf(await get("/metrics")).split("\n");
  expect(lines.filter((line) => line.startsWith('nara_online{name="y'))).toEqual([]);
  expect(lines).toContain('nara_online{name="x\\"} 1\\nnara_online{name=\\"y"} 1');
});

test("nobody but the owner starts a postcard", async () => {
  const sent: string[] = [];
  const scene = createWebApiScene({
    more: {
      async startJourney(message) {
        sent.push(message);
        return { ok: true, value: newPostcard("alice", message, 1n) };
      },
    },
  });
  const body = '{"message":"hi <b>"}';
  expect((await scene.post("/world/start", body)).status).toBe(401);
  const stranger = await scene.post("/world/start", body, personNamed("mallory"));
  expect(textOf(stranger)).toBe("Authentication failed: unknown sender: mallory\n");
  const impostor = { ...personNamed("mallory"), name: "alice" };
  expect((await scene.post("/world/start", body, impostor)).status).toBe(401);
  expect(sent).toEqual([]);
  const mine = await scene.post("/world/start", body, scene.alice);
  expect(JSON.parse(textOf(mine))).toMatchObject({ success: true, message: "hi <b>" });
  expect((await scene.post("/world/start", body, scene.alice)).status).toBe(401);
  expect(sent).toEqual(["hi <b>"]);
  expect(scene.drops).toEqual(["unsigned", "invalid_signature", "invalid_signature", "duplicate"]);
});

test("the owner hears what cannot be done", async () => {
  const { post, alice, clock } = createWebApiScene();
  const said = async (path: string, body: string) => {
    await clock.advance(1);
    const { status, body: bytes } = await post(path, body, alice);
    return `${status} ${textOf({ body: bytes })}`;
  };
  expect(await said("/world/start", "{")).toBe("400 Invalid JSON\n");
  expect(await said("/world/start", "{}")).toBe("400 Message is required\n");
  expect(await said("/world/start", '{"message":"hi"}')).toBe(
    "503 World journey not initialized\n",
  );
  expect(await said("/api/stash/update", "{}")).toBe("501 Stash service not initialized\n");
  expect(await said("/world/start", "x".repeat(70_000))).toBe("413 Request body too large\n");
});

test("the stash is shown to nobody who does not sign", async () => {
  const { get, post } = createWebApiScene();
  expect((await get("/api/stash/status")).status).toBe(401);
  expect((await get("/api/stash/update")).status).toBe(405);
  expect((await post("/api/stash/recover", "{}")).status).toBe(401);
});

test("the owner reads and writes the stash", async () => {
  let note: Note | undefined;
  const written: string[] = [];
  const view: StashView = {
    ...{ search: "found", savedAtMs: 5000, hasEarlier: false, wanted: 3, trouble: "" },
    confidants: [{ name: "bob", keptAtMs: 6000 }],
    keeping: { owners: 2, bytes: 300, room: 5 },
  };
  const { get, post, alice, clock } = createWebApiScene({
    more: {
      stash: {
        note: () => note,
        view: () => view,
        async write(text) {
          written.push(text);
          return text === "null" ? refuse("nobody is here") : accept(undefined);
        },
      },
    },
  });
  const asked = async (path: string, body?: string) => {
    await clock.advance(1);
    const answer = await (body === undefined ? get(path, alice) : post(path, body, alice));
    return textOf(answer).trim();
  };
  expect(JSON.parse(await asked("/api/stash/status"))).toEqual({
    ...{ has_stash: false, my_stash: null, target_count: 3 },
    confidants: [
      { id: "id of bob", name: "bob", status: "confirmed", memory_mode: "", online: true },
    ],
    metrics: { stashes_stored: 2, total_bytes: 300, storage_limit: 5 },
  });
  note = { text: "fern", savedAtMs: 5999 };
  expect(await asked("/api/stash/status")).toContain('{"data":{"note":"fern"},"timestamp":5}');
  note = { text: '{"b":[1],"a":"<"}', savedAtMs: 5999 };
  expect(await asked("/api/stash/status")).toContain('"data":{"a":"<","b":[1]}');
  expect(await asked("/api/stash/confidants")).toContain('"name":"bob"');
  expect(await asked("/api/stash/update", '{"a":1} ')).toContain('"success":true');
  expect(await asked("/api/stash/update", "null")).toBe(
    '{"message":"Failed to distribute stash: nobody is here","success":false}',
  );
  expect(await asked("/api/stash/update", "{")).toBe("Invalid JSON");
  expect(await asked("/api/stash/recover", "{}")).toContain('"success":true');
  expect(written).toEqual(['{"a":1}', "null"]);
});

test("events are paged, newest first, within bounds, and filtered", async () => {
  const scene = createWebApiScene();
  for (let count = 0; count < 150; count++) {
    await scene.clock.advance(1);
    scene.tease("bob");
  }
  const ask = async (query: string) =>
    JSON.parse(textOf(await scene.get(`/api/inspector/events?${query}`)));
  const usual = await ask("");
  expect(usual).toMatchObject({ total: 153, has_more: true });
  expect(usual.events).toHaveLength(100);
  expect((await ask("limit=5000")).events).toHaveLength(100);
  expect((await ask("limit=-1&offset=x")).events).toHaveLength(100);
  const last = await ask("limit=10&offset=150");
  expect(last).toMatchObject({ has_more: false });
  expect(last.events).toHaveLength(3);
  expect(await ask("service=observation&subject=carol")).toMatchObject({ total: 1 });
  expect(await ask("offset=99999")).toMatchObject({ events: [], has_more: false });
});

test("times of coming and going become periods, newest first", async () => {
  const { ledger, get, clock } = createWebApiScene();
  const startS = Number(clock.nowNs() / 1_000_000_000n);
  const change = (state: string): void => {
    ledger.add(
      newSyncEvent("observation", clock.nowNs(), {
        observer: "alice",
        subject: "bob",
        type: "status-change",
        importance: 1n,
        online_state: state,
      }),
    );
  };
  await clock.advance(60_000);
  change("OFFLINE");
  await clock.advance(30_000);
  change("ONLINE");
  await clock.advance(10_000);
  const { periods } = JSON.parse(textOf(await get("/api/inspector/uptime/bob")));
  expect(periods).toEqual([
    { type: "online", start_time: startS + 90, end_time: 0, duration: 10, ongoing: true },
    {
      type: "offline",
      start_time: startS + 60,
      end_time: startS + 90,
      duration: 30,
      ongoing: false,
    },
    { type: "online", start_time: startS, end_time: startS + 60, duration: 60, ongoing: false },
  ]);
});

test("the stream takes so many listeners, and tells only news that concern me", async () => {
  const { api, ledger, clock, tease } = createWebApiScene();
  const heard: string[] = [];
  const leave = api.subscribe((text) => heard.push(text));
  for (let count = 1; count < maxListeners; count++) {
    expect(api.subscribe(() => {})).toBeDefined();
  }
  expect(api.subscribe(() => {})).toBeUndefined();
  const others = { type: "tease", actor: "bob", target: "carol", reason: "random" };
  ledger.add(newSyncEvent("social", clock.nowNs(), others));
  const old = { ...others, target: "alice" };
  ledger.add(newSyncEvent("social", clock.nowNs() - 120_000_000_000n, old));
  ledger.add(newSyncEvent("social", clock.nowNs(), { ...old, reason: "comeback" }), {
    tier: "vouched",
    voucher: "mallory",
  });
  expect(heard).toHaveLength(1);
  await clock.advance(5);
  tease("carol");
  expect(heard).toHaveLength(2);
  leave?.();
  await clock.advance(5);
  tease("bob");
  expect(heard).toHaveLength(2);
  expect(api.subscribe(() => {})).toBeDefined();
});

test("what is no route of it is left to the mesh, and strange paths too", async () => {
  const { get } = createWebApiScene();
  for (const path of [
    "/ping",
    "/narae.json/",
    "//narae.json",
    "/api/nope",
    "/%zz",
    "/a/../api.json",
  ]) {
    expect((await get(path)).status, path).toBe(404);
  }
  expect((await get("/profile/.json")).status).toBe(404);
  expect((await get("/status/bob")).status).toBe(404);
  expect(textOf(await get("/events"))).toBe("SSE not supported\n");
});
