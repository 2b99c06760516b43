import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { protocolVersion, type ToHost, type ToPage } from "../worker/protocol.ts";
import { createNaraClient } from "./nara-client.ts";
import { livingState } from "./testing/fake-host.ts";
import { sampleNeighbour } from "./testing/sample-view.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const now = 1e12;

/** A host that says only what the test says. */
const createQuietHost = () => {
  let listener: (message: ToPage) => void = () => undefined;
  const posted: ToHost[] = [];
  const heard = { hellos: 0, reloads: 0 };
  return {
    posted,
    heard,
    say: (message: ToPage) => listener(message),
    post: (message: ToHost) => void posted.push(message),
    onMessage: (heardBy: typeof listener) => {
      listener = heardBy;
    },
    onTrouble: () => undefined,
    hello: () => {
      heard.hellos += 1;
    },
    reload: () => {
      heard.reloads += 1;
      return true;
    },
  };
};

const alive = (epoch: string, seq = 0): ToPage => ({
  type: "state",
  epoch,
  seq,
  state: livingState(3, now),
});

test("a page says hello once, and shows what the host then tells", () => {
  const host = createQuietHost();
  const client = createNaraClient(host);
  expect(host.heard.hellos).toBe(1);
  expect(client.host().life).toBe("waking");
  host.say({ type: "welcome", protocol: protocolVersion, epoch: "a" });
  host.say(alive("a"));
  expect(client.host().life).toBe("living");
  expect(client.living.neighbours).toHaveLength(3);
  host.say({ type: "delta", epoch: "a", seq: 1, delta: { clockSkewMs: 7 } });
  expect(client.living.clockSkewMs).toBe(7);
});

test("neighbours change in their places, newcomers stand last, and who is gone is gone", () => {
  const host = createQuietHost();
  const client = createNaraClient(host);
  host.say(alive("a"));
  const [one, two, three] = client.living.neighbours.map(({ name }) => name);
  const changed = { ...sampleNeighbour(1, now), restarts: 77 };
  const newcomer = sampleNeighbour(8, now);
  host.say({ type: "delta", epoch: "a", seq: 1, delta: { neighbours: [changed, newcomer] } });
  const known = () => client.living.neighbours.map(({ name }) => name);
  expect(known()).toEqual([one, two, three, newcomer.name]);
  expect(client.living.neighbours[1]?.restarts).toBe(77);
  host.say({ type: "delta", epoch: "a", seq: 2, delta: { gone: [one!] } });
  expect(known()).toEqual([two, three, newcomer.name]);
});

test("after a gap it says hello again, once, until it was answered", () => {
  const host = createQuietHost();
  createNaraClient(host);
  host.say(alive("a"));
  host.say({ type: "delta", epoch: "a", seq: 5, delta: {} });
  host.say({ type: "delta", epoch: "a", seq: 6, delta: {} });
  expect(host.heard.hellos).toBe(2);
  host.say(alive("a", 6));
  host.say({ type: "delta", epoch: "a", seq: 9, delta: {} });
  expect(host.heard.hellos).toBe(3);
});

test("a command gets its own answer", async () => {
  const host = createQuietHost();
  const client = createNaraClient(host);
  const one = client.command({ type: "export-soul" });
  const other = client.command({ type: "set-plaza", url: "" });
  host.say({ type: "result", id: 2, result: { ok: true, type: "done" } });
  host.say({ type: "result", id: 1, result: { ok: false, type: "refused", why: "no" } });
  expect(await one).toEqual({ ok: false, type: "refused", why: "no" });
  expect((await other).ok).toBe(true);
});

test("a command to a host that restarts or stays silent is refused, never left open", async () => {
  const host = createQuietHost();
  const client = createNaraClient(host);
  host.say(alive("a"));
  const asked = client.command({ type: "export-soul" });
  host.say(alive("b"));
  expect((await asked).ok).toBe(false);
  const unheard = client.command({ type: "export-soul" });
  vi.advanceTimersByTime(20_000);
  expect((await unheard).ok).toBe(false);
});

test("a host of another deploy makes the page load anew", () => {
  const host = createQuietHost();
  createNaraClient(host);
  host.say({ type: "welcome", protocol: protocolVersion + 1, epoch: "a" });
  expect(host.heard.reloads).toBe(1);
});

test("a soul that cannot be read is told as it is", () => {
  const host = createQuietHost();
  const client = createNaraClient(host);
  const state = { life: "soul-unreadable", stored: "x", why: "too short" } as const;
  host.say({ type: "state", epoch: "a", seq: 0, state });
  expect(client.host()).toEqual(state);
});
