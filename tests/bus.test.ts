import { expect, onTestFinished, test } from "vitest";
import { createSystemClock } from "../src/adapters/clock.ts";
import { createSystemRandom } from "../src/adapters/random.ts";
import type { Broker } from "../src/relay/bus/broker.ts";
import { createBrokerBus } from "../src/relay/bus/broker-bus.ts";
import { type Bus, noBus } from "../src/relay/bus/bus.ts";
import { busAcceptance } from "../src/relay/bus/bus-acceptance.ts";
import { createMemoryBroker } from "../src/relay/bus/memory-broker.ts";
import { connectNats } from "../src/relay/bus/nats-broker.ts";
import { startNatsServer } from "../src/relay/bus/test-nats-server.ts";
import type { RequestHead } from "../src/tunnel/frames.ts";
import { askWhole, serveWhole } from "../src/tunnel/whole.ts";

const over = (broker: Broker): Bus =>
  createBrokerBus({ broker, clock: createSystemClock(), random: createSystemRandom() });

async function connected(url: string): Promise<Broker> {
  const broker = await connectNats({ url, log: () => {} });
  if (!broker.ok) throw new Error(broker.refusal);
  return broker.value;
}

busAcceptance("memory", async () => {
  const connect = createMemoryBroker();
  const joined: Bus[] = [];
  return {
    join: async () => {
      const bus = over(connect());
      joined.push(bus);
      return bus;
    },
    stop: async () => {
      for (const bus of joined) await bus.stop();
    },
  };
});

busAcceptance("NATS", async () => {
  const server = await startNatsServer();
  const joined: Bus[] = [];
  return {
    join: async () => {
      const bus = over(await connected(server.url));
      joined.push(bus);
      return bus;
    },
    stop: async () => {
      for (const bus of joined) await bus.stop();
      await server.stop();
    },
  };
});

const question: RequestHead = { method: "GET", authority: "", target: "/", fields: [] };
const bounds = { timeoutMs: 20_000, maxBytes: 1_000_000 };
const ask = (bus: Bus, whom: string) =>
  askWhole(bus.towards(whom), question, new Uint8Array(), bounds);

test("a relay without a bus grants every claim and reaches nobody", async () => {
  await noBus.hold("bob", () => {
    throw new Error("nobody asks");
  }).ready;
  expect(await noBus.isHeld("bob")).toBe(false);
  expect(await ask(noBus, "bob")).toEqual({ ok: false, refusal: "unreachable" });
  expect(await noBus.claim("bob", "key", () => {})).toEqual({ ok: true, value: undefined });
});

test("where no NATS is, or no address, is said in words and without the password", async () => {
  const server = await startNatsServer();
  const url = server.url.replace("://", "://alice:secret@");
  await server.stop();
  const outcome = await connectNats({ url, log: () => {} });
  expect(outcome).toMatchObject({ ok: false });
  expect(outcome.ok || outcome.refusal).toMatch(/^the bus nats:\/\/127.0.0.1:\d+ does not answer/);
  expect(await connectNats({ url: "nowhere", log: () => {} })).toEqual({
    ok: false,
    refusal: "--bus is no address: nowhere",
  });
});

test("a bus that breaks ends what runs over it; it comes back with all that was held", async () => {
  const first = await startNatsServer();
  onTestFinished(first.stop);
  const port = Number(first.url.split(":").at(-1));
  const back: Promise<void>[] = [];
  const join = async (): Promise<Bus> => {
    let onBack: () => void = () => {};
    back.push(
      new Promise((resolve) => {
        onBack = resolve;
      }),
    );
    const broker = await connectNats({
      url: first.url,
      log: ({ text }) => text.endsWith("is back") && onBack(),
    });
    if (!broker.ok) throw new Error(broker.refusal);
    return over(broker.value);
  };
  const [here, there] = [await join(), await join()];
  let answered = false;
  let onServed: () => void = () => {};
  const served = new Promise<void>((resolve) => {
    onServed = resolve;
  });
  await there.hold("bob", (_, exchange) => {
    onServed();
    return serveWhole(exchange, 1_000, () =>
      answered
        ? Promise.resolve({ head: { status: 200, fields: [] }, body: new Uint8Array() })
        : new Promise(() => {}),
    );
  }).ready;
  await there.claim("bob", "his key", () => {});
  const cut = ask(here, "bob");
  await served;
  await first.stop();
  expect(await cut).toEqual({ ok: false, refusal: "gone" });
  expect(await ask(here, "bob")).toEqual({ ok: false, refusal: "unreachable" });
  expect(await here.isHeld("bob")).toBe(false);
  expect(await here.claim("carol", "her key", () => {})).toEqual({ ok: false, refusal: "unasked" });
  expect((await there.claim("bob", "his key", () => {})).ok).toBe(true);
  answered = true;
  const second = await startNatsServer(port);
  onTestFinished(second.stop);
  await Promise.all(back);
  // What NATS takes from a connection it takes in order: bob is held again once this is.
  await there.hold("carol", () => {
    throw new Error("nobody asks");
  }).ready;
  expect((await ask(here, "bob")).ok).toBe(true);
  expect(await here.claim("bob", "another", () => {})).toEqual({ ok: false, refusal: "taken" });
  expect(here.count() + there.count()).toBe(0);
  await here.stop();
  await there.stop();
});

test("messages that are lost end an exchange instead of leaving a hole in it", async () => {
  const connect = createMemoryBroker();
  let published = 0;
  const leaky = connect();
  const there = over({
    ...leaky,
    publish: (subject, bytes, reply) => {
      published += 1;
      if (published !== 3) leaky.publish(subject, bytes, reply);
    },
  });
  const here = over(connect());
  there.hold("bob", (_, exchange) =>
    serveWhole(exchange, 1_000, async () => ({
      head: { status: 200, fields: [] },
      body: new Uint8Array(200_000),
    })),
  );
  expect(await ask(here, "bob")).toEqual({ ok: false, refusal: "gone" });
});

test("noise on its subjects changes nothing and gets no answer elsewhere", async () => {
  const connect = createMemoryBroker();
  const noisy = connect();
  const [here, there] = [over(connect()), over(connect())];
  const seen: string[] = [];
  noisy.subscribe("elsewhere.>", ({ subject }) => seen.push(subject));
  there.hold("bob", (_, exchange) =>
    serveWhole(exchange, 1_000, async (body) => ({ head: { status: 200, fields: [] }, body })),
  );
  await there.claim("bob", "his key", () => {});
  const bob = Buffer.from("bob").toString("hex");
  const noise = ["", "\0\0\0\0", "\0\0\0\0\x09\0\0\0\0", "\0\0\0\x01abcdefg", "{}", "[", "\xff"];
  for (const text of noise) {
    const bytes = Buffer.from(text, "latin1");
    for (const reply of [undefined, "elsewhere.1", `nara.1.to.${"0".repeat(16)}.1`]) {
      noisy.publish(`nara.1.at.${bob}`, bytes, reply);
      noisy.publish(`nara.1.name.${bob}`, bytes, reply);
    }
  }
  expect((await ask(here, "bob")).ok).toBe(true);
  expect(await here.claim("bob", "another", () => {})).toMatchObject({ ok: false });
  expect(seen).toEqual([]);
  expect(there.count()).toBe(0);
});
