/** What every plaza adapter must do, whatever carries it. Run from each adapter's own test. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Plaza, PlazaClosed, PlazaFrame, PlazaLink } from "../../nara/ports.ts";

/** One message as the broker got it. */
export interface SeenAtBroker {
  readonly clientId: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: number;
  readonly retain: boolean;
}

/** A broker as a test sees it. */
export interface BrokerSide {
  /** Everything that naras published, oldest first. */
  seen(): readonly SeenAtBroker[];
  /** Whether the broker would keep anything of this client once it leaves; undefined: not here. */
  keepsSession(clientId: string): boolean | undefined;
  /** Puts a retained message on the broker. */
  retain(topic: string, payload: Uint8Array): Promise<void>;
  /** Cuts a client's connection without a word. */
  cut(clientId: string): void;
  stop(): Promise<void>;
}

/** A broker of one's own for each test, and the adapter under test pointed at it. */
export interface PlazaBench extends BrokerSide {
  readonly plaza: Plaza;
  /** The same adapter where nobody listens. */
  readonly deserted: Plaza;
  /** The same adapter where the broker says no. */
  readonly refusing: Plaza;
}

/** One attempt with everything that came of it. */
interface Visit {
  readonly link: PlazaLink;
  readonly opened: Promise<void>;
  readonly closed: Promise<PlazaClosed>;
  readonly frames: PlazaFrame[];
  readonly closings: PlazaClosed[];
  /** Resolves with the first frame of this topic, even one that came already. */
  frame(topic: string): Promise<PlazaFrame>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function plazaAcceptance(name: string, open: () => Promise<PlazaBench>): void {
  describe(`${name}, as any plaza,`, () => {
    let bench: PlazaBench;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(async () => {
      await bench.stop();
    });

    const join = async (clientId: string, ...filters: string[]): Promise<Visit> => {
      const visit = visitPlaza(bench.plaza, clientId);
      await visit.opened;
      for (const filter of filters) expect(await visit.link.subscribe(filter)).toBe(true);
      return visit;
    };
    /** A message to oneself: when it is back, all that was sent before has been dealt with. */
    const settle = async (visit: Visit): Promise<void> => {
      await visit.link.subscribe("nara/ledger/settle/request");
      visit.link.publish("nara/ledger/settle/request", bytes("settle"), 0);
      await visit.frame("nara/ledger/settle/request");
    };

    test("opens, and delivers what others publish to those who subscribed", async () => {
      const alice = await join("alice", "nara/plaza/hey_there");
      const bob = await join("bob");
      expect(bob.link.publish("nara/plaza/hey_there", bytes("hey"), 0)).toBe(true);
      const frame = await alice.frame("nara/plaza/hey_there");
      expect(frame).toEqual({
        topic: "nara/plaza/hey_there",
        payload: bytes("hey"),
        retained: false,
      });
      expect(bob.frames).toEqual([]);
    });

    test("delivers through wildcards and nothing that was not asked for", async () => {
      const alice = await join("alice", "nara/newspaper/#", "nara/ledger/+/request");
      const bob = await join("bob");
      bob.link.publish("nara/plaza/chau", bytes("no"), 0);
      bob.link.publish("nara/ledger/carol/response", bytes("no"), 0);
      bob.link.publish("nara/ledger/carol/request", bytes("yes"), 0);
      bob.link.publish("nara/newspaper/bob", bytes("yes"), 0);
      await alice.frame("nara/newspaper/bob");
      expect(alice.frames.map((frame) => frame.topic)).toEqual([
        "nara/ledger/carol/request",
        "nara/newspaper/bob",
      ]);
    });

    test("delivers what is published at QoS 1", async () => {
      const alice = await join("alice", "nara/checkpoint/propose");
      const bob = await join("bob");
      bob.link.publish("nara/checkpoint/propose", bytes("proposal"), 1);
      expect((await alice.frame("nara/checkpoint/propose")).payload).toEqual(bytes("proposal"));
      expect(bench.seen().map(({ clientId, qos }) => ({ clientId, qos }))).toEqual([
        { clientId: "bob", qos: 1 },
      ]);
    });

    test("never asks the broker to retain", async () => {
      const alice = await join("alice");
      alice.link.publish("nara/plaza/hey_there", bytes("hey"), 0);
      alice.link.publish("nara/checkpoint/vote", bytes("vote"), 1);
      await settle(alice);
      expect(bench.seen().map((message) => message.retain)).toEqual([false, false, false]);
    });

    test("says of a frame that the broker had retained it", async () => {
      await bench.retain("nara/newspaper/ghost", bytes("old news"));
      const alice = await join("alice", "nara/newspaper/#");
      expect((await alice.frame("nara/newspaper/ghost")).retained).toBe(true);
    });

    test("carries every byte value and a payload of 200 KB unchanged", async () => {
      const payload = Uint8Array.from({ length: 200_000 }, (_, index) => index % 256);
      const alice = await join("alice", "nara/plaza/howdy");
      alice.link.publish("nara/plaza/howdy", payload, 0);
      const frame = await alice.frame("nara/plaza/howdy");
      expect(frame.payload.length).toBe(payload.length);
      expect(frame.payload.every((byte, index) => byte === index % 256)).toBe(true);
    });

    test("goes by the client id it was given and leaves no session behind", async () => {
      const alice = await join("alice");
      expect(bench.keepsSession("alice")).toBe(false);
      await alice.link.close();
      expect(bench.keepsSession("alice")).toBe(undefined);
    });

    test("sends a last publish before it leaves, and closes once, saying that it left", async () => {
      const alice = await join("alice");
      const bob = await join("bob", "nara/plaza/chau");
      alice.link.publish("nara/plaza/chau", bytes("chau"), 0);
      await alice.link.close();
      await bob.frame("nara/plaza/chau");
      expect(alice.closings).toEqual([{ reason: "left the plaza" }]);
    });

    test("neither publishes nor subscribes once it is closed", async () => {
      const alice = await join("alice");
      await alice.link.close();
      expect(alice.link.publish("nara/plaza/chau", bytes("late"), 0)).toBe(false);
      expect(await alice.link.subscribe("nara/plaza/chau")).toBe(false);
      await alice.link.close();
      expect(alice.closings.length).toBe(1);
      expect(bench.seen()).toEqual([]);
    });

    test("neither publishes nor subscribes before it is open", async () => {
      const visit = visitPlaza(bench.plaza, "alice");
      expect(visit.link.publish("nara/plaza/chau", bytes("early"), 0)).toBe(false);
      expect(await visit.link.subscribe("nara/plaza/chau")).toBe(false);
      await visit.opened;
    });

    test("can be closed while it still opens", async () => {
      const visit = visitPlaza(bench.plaza, "alice");
      await visit.link.close();
      expect(await visit.closed).toEqual({ reason: "left the plaza" });
      expect(visit.closings.length).toBe(1);
    });

    test("closes once, with a reason, where nobody listens", async () => {
      const visit = visitPlaza(bench.deserted, "alice");
      expect((await visit.closed).reason).toMatch(/^nobody answers at /);
      await visit.link.close();
      expect(visit.closings.length).toBe(1);
    });

    test("closes once, with a reason, when the broker refuses", async () => {
      const visit = visitPlaza(bench.refusing, "alice");
      expect((await visit.closed).reason).toBe("wrong user or password");
      await visit.link.close();
      expect(visit.closings.length).toBe(1);
    });

    test("closes once, with a reason, when the connection is cut", async () => {
      const alice = await join("alice");
      bench.cut("alice");
      expect((await alice.closed).reason).toMatch(/^the connection to the plaza was /);
      expect(alice.link.publish("nara/plaza/chau", bytes("late"), 0)).toBe(false);
      expect(await alice.link.subscribe("nara/plaza/chau")).toBe(false);
      expect(alice.closings.length).toBe(1);
    });

    test("gives a name to whoever came last", async () => {
      const first = await join("alice");
      const second = await join("alice", "nara/plaza/howdy");
      await first.closed;
      second.link.publish("nara/plaza/howdy", bytes("still here"), 0);
      await second.frame("nara/plaza/howdy");
      expect(second.closings).toEqual([]);
    });
  });
}

function visitPlaza(plaza: Plaza, clientId: string): Visit {
  const frames: PlazaFrame[] = [];
  const closings: PlazaClosed[] = [];
  let onOpen = (): void => {};
  let onClosed = (_closed: PlazaClosed): void => {};
  let waiting: { topic: string; resolve(frame: PlazaFrame): void }[] = [];
  const closed = new Promise<PlazaClosed>((resolve) => {
    onClosed = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    onOpen = resolve;
  });
  const link = plaza.connect({
    clientId,
    onOpen,
    onFrame: (frame) => {
      expect(closings).toEqual([]);
      frames.push(frame);
      for (const one of waiting) if (one.topic === frame.topic) one.resolve(frame);
      waiting = waiting.filter((one) => one.topic !== frame.topic);
    },
    onClosed: (why) => {
      closings.push(why);
      onClosed(why);
    },
  });
  return {
    link,
    opened,
    closed,
    frames,
    closings,
    frame: (topic) =>
      new Promise((resolve) => {
        const known = frames.find((frame) => frame.topic === topic);
        if (known !== undefined) resolve(known);
        else waiting.push({ topic, resolve });
      }),
  };
}
