import { createServer, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { desertedPort } from "../../adapters/plaza/test-broker.ts";
import { createVirtualClock } from "../../nara/testing/virtual-clock.ts";
import { listenOn } from "../listen.ts";
import { type Addresses, createSlotAddresses } from "./addresses.ts";
import { createNames } from "./names.ts";
import { portSlots } from "./slots.ts";

const clock = createVirtualClock();
let opened: Server[] = [];
let cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps) cleanUp();
  for (const server of opened) server.close();
  cleanUps = [];
  opened = [];
});

/** Ports in a row that nobody has just now. */
async function rangeOf(size: number): Promise<{ readonly first: number; readonly last: number }> {
  for (;;) {
    const first = Math.min(await desertedPort(), 65_500);
    const servers = Array.from({ length: size }, () => createServer());
    const listening = await Promise.all(
      servers.map((server, at) =>
        listenOn(server, { host: "127.0.0.1", port: first + at, remedy: "" }),
      ),
    );
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    if (listening.every(({ ok }) => ok)) return { first, last: first + size - 1 };
  }
}

async function addressesOn(size: number) {
  const range = await rangeOf(size);
  const names = createNames(clock.monotonicMs, () => false);
  const addresses: Addresses = createSlotAddresses({
    slots: portSlots(range, "127.0.0.1", "127.0.0.1"),
    clock,
    names,
    createIngress: () => {
      const server = createServer();
      opened.push(server);
      return server;
    },
  });
  cleanUps.push(addresses.cutOff);
  const take = async (name: string): Promise<string> => {
    names.claim(name, `key of ${name}`);
    const taken = await addresses.take({
      name,
      way: () => undefined,
      budget: { take: () => true },
    });
    return taken.ok ? taken.value : taken.refusal.why;
  };
  return { range, names, addresses, take };
}

test("a nara that asks several times at once has one address", async () => {
  const { addresses, take } = await addressesOn(4);
  const given = await Promise.all([take("alice"), take("alice"), take("alice")]);
  expect(new Set(given).size).toBe(1);
  expect(addresses.count()).toBe(1);
  expect(opened.filter((server) => server.listening)).toHaveLength(1);
});

test("a port that was busy is tried again once its owner may have gone", async () => {
  const { range, take } = await addressesOn(1);
  const other = createServer();
  await listenOn(other, { host: "127.0.0.1", port: range.first, remedy: "" });
  expect(await take("alice")).toMatch(/^no address is free/);
  await new Promise((resolve) => other.close(resolve));
  expect(await take("alice")).toMatch(/^no address is free/);
  await clock.pass({ minutes: 1 });
  expect(await take("alice")).toBe(`127.0.0.1:${range.first}`);
});

test("an address is kept for 30 s after its nara left, then it is another's", async () => {
  const { range, addresses, take } = await addressesOn(1);
  const address = `127.0.0.1:${range.first}`;
  expect(await take("alice")).toBe(address);
  addresses.leave("alice");
  await clock.pass({ seconds: 29 });
  expect(await take("bob")).toMatch(/^no address is free/);
  expect(addresses.find(address)?.name).toBe("alice");
  expect(await take("alice")).toBe(address);
  await clock.pass({ minutes: 5 });
  expect(addresses.find(address)?.name).toBe("alice");
  addresses.leave("alice");
  await clock.pass({ seconds: 31 });
  expect(addresses.find(address)).toBeUndefined();
  await new Promise(setImmediate);
  expect(await take("bob")).toBe(address);
});

test("a nara that comes back later gets the address it had, others take free ones before", async () => {
  const { addresses, take } = await addressesOn(2);
  const first = await take("alice");
  addresses.leave("alice");
  await clock.pass({ seconds: 31 });
  await new Promise(setImmediate);
  expect(await take("bob")).not.toBe(first);
  expect(await take("alice")).toBe(first);
});
