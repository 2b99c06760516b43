import { expect, test } from "vitest";
import type { PlazaAttempt } from "../nara/ports.ts";
import { createInMemoryPlaza } from "../nara/testing/in-memory-plaza.ts";
import { withOutagesTold } from "./outages.ts";

test("an outage is told once, however many naras it hits, and so is its end", async () => {
  const told: string[] = [];
  const memory = createInMemoryPlaza();
  const plaza = withOutagesTold(memory.plaza, ({ text }) => told.push(text));
  const join = (clientId: string) =>
    new Promise<ReturnType<typeof plaza.connect>>((resolve) => {
      const attempt: PlazaAttempt = {
        clientId,
        onOpen: () => resolve(link),
        onFrame: () => {},
        onClosed: () => resolve(link),
      };
      const link = plaza.connect(attempt);
    });
  await join("alice");
  await join("bob");
  expect(told).toEqual([]);
  memory.down("the connection was cut");
  await join("alice");
  expect(told).toEqual(["memory://plaza is away, trying again: the connection was cut"]);
  memory.up();
  await join("alice");
  const bob = await join("bob");
  expect(told.slice(1)).toEqual(["memory://plaza is back"]);
  await bob.close();
  expect(told.length).toBe(2);
});
