import { expect, test } from "vitest";
import type { Neighbour } from "../src/nara/services/presence/neighbourhood.ts";
import { createWorld, type World } from "./world.ts";

/** Two naras that know each other, in calm weather. */
async function twoNaras(): Promise<World> {
  const world = createWorld({ seed: 5, conditions: {}, mallory: false });
  await world.wake(world.settle(2), { minutes: 1 });
  await world.pass({ minutes: 5 });
  expect(world.judge.verdict()).toMatchObject({ falseMissing: 0, falseRestarts: 0 });
  return world;
}

/** Makes the first nara believe something of the second that is not so. */
function deceive(world: World, belief: Partial<Neighbour["observation"]>): void {
  const [alice] = world.dwellers;
  const nara = alice!.nara();
  const told = nara.neighbours();
  alice!.nara = () => ({
    ...nara,
    neighbours: () =>
      told.map((one) => ({ ...one, observation: { ...one.observation, ...belief } })),
  });
}

test("who is taken for MISSING within reach is counted, once", async () => {
  const world = await twoNaras();
  deceive(world, { online: "MISSING" });
  world.judge.look();
  world.judge.look();
  expect(world.judge.verdict().falseMissing).toBe(1);
});

test("who is out of reach is rightly missed", async () => {
  const world = await twoNaras();
  world.weather.split([["nara-0"], ["nara-1"]]);
  deceive(world, { online: "MISSING" });
  world.judge.look();
  world.weather.heal();
  world.dwellers[1]!.crash();
  world.judge.look();
  expect(world.judge.verdict().falseMissing).toBe(0);
});

test("restarts that never were are counted, true ones are not", async () => {
  const world = await twoNaras();
  world.dwellers[1]!.crash();
  world.dwellers[1]!.start();
  deceive(world, { restarts: 1 });
  world.judge.look();
  expect(world.judge.verdict().falseRestarts).toBe(0);
  deceive(world, { restarts: 3 });
  world.judge.look();
  expect(world.judge.verdict().falseRestarts).toBe(2);
});

test("an event in a ledger that its author did not sign is an accepted forgery", async () => {
  const world = await twoNaras();
  await world.judge.findForgeries();
  expect(world.judge.verdict().acceptedForgeries).toBe(0);
  const { ledger } = world.dwellers[0]!.nara().runtime;
  const true_ = ledger.events().find(({ svc }) => svc === "hey-there")!;
  const forged = { ...true_, sig: true_.sig.replace(/^.{4}/, "AAAA") };
  world.dwellers[0]!.nara().runtime.ledger.events = () => [forged];
  await world.judge.findForgeries();
  expect(world.judge.verdict().acceptedForgeries).toBe(1);
});

test("another key that is taken for proved is an accepted forgery, one that is not is counted apart", async () => {
  const world = await twoNaras();
  const { keyring } = world.dwellers[0]!.nara().runtime;
  keyring.keyOf = () => "another key";
  keyring.isProven = (name) => name === "nara-1";
  await world.judge.findForgeries();
  expect(world.judge.verdict()).toMatchObject({ acceptedForgeries: 1, mistakenKeys: 1 });
  expect(world.judge.verdict().findings.join()).toContain("another key of nara-1");
});
