import { expect, test } from "@playwright/test";
import { type Broker, startBroker } from "./support/broker.ts";
import { nameOn, neighbours, visit } from "./support/nara-page.ts";
import { type Server, startServer } from "./support/server.ts";

let broker: Broker;
let server: Server;

test.beforeEach(async () => {
  broker = await startBroker();
  server = await startServer("--residents", "0", "--plaza", broker.url);
});

test.afterEach(async () => {
  await server.stop();
  await broker.stop();
});

/** Who is on the plaza, but for the server, which listens for addresses under an id of its own. */
const naras = (): readonly string[] =>
  broker.clients().filter((clientId) => !clientId.startsWith("nara-relay-"));

/** Who said it, in the order heard. */
const saidBy = (kind: "hey_there" | "chau"): readonly string[] =>
  broker
    .heard()
    .filter(({ topic }) => topic === `nara/plaza/${kind}`)
    .map(({ clientId }) => clientId);

test("three tabs are one nara on the plaza, which says chau when the last one closes", async ({
  context,
}) => {
  const tabs = [await context.newPage(), await context.newPage(), await context.newPage()];
  const names = await Promise.all(tabs.map((tab) => visit(tab, server.url)));
  const name = names[0]!;
  expect(names).toEqual([name, name, name]);
  await expect.poll(() => saidBy("hey_there")).toEqual([name]);
  expect(naras()).toEqual([name]);

  await tabs[0]!.close();
  await tabs[2]!.reload();
  expect(await nameOn(tabs[2]!)).toBe(name);
  await tabs[1]!.close();
  expect(saidBy("chau")).toEqual([]);
  expect(naras()).toEqual([name]);

  await tabs[2]!.close();
  await expect.poll(() => saidBy("chau")).toContain(name);
  await expect.poll(naras).toEqual([]);
});

test("another browser profile is another nara, and the two see each other", async ({ browser }) => {
  const [mine, yours] = [await browser.newContext(), await browser.newContext()];
  const [here, there] = [await mine.newPage(), await yours.newPage()];
  const [me, you] = [await visit(here, server.url), await visit(there, server.url)];
  expect(you).not.toBe(me);
  await expect(neighbours(here).filter({ hasText: you })).toHaveCount(1);
  await expect(neighbours(there).filter({ hasText: me })).toHaveCount(1);
  await mine.close();
  await yours.close();
});

test("a reload keeps soul and name", async ({ page }) => {
  const name = await visit(page, server.url);
  await page.reload();
  expect(await nameOn(page)).toBe(name);
});

test("a nara comes back to a plaza that went away", async ({ page }) => {
  const name = await visit(page, server.url);
  await expect.poll(naras).toEqual([name]);
  await broker.stop();
  await expect(page.getByRole("button", { name: "off the plaza" })).toBeVisible();
  broker = await startBroker({ port: broker.port });
  await expect.poll(naras, { timeout: 60_000 }).toEqual([name]);
  await expect(page.getByRole("button", { name: "on the plaza" })).toBeVisible();
});
