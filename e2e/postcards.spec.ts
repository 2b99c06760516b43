import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { comeHome, neighbours } from "./support/nara-page.ts";
import { type Server, startServer } from "./support/server.ts";

/** Naras learn each other's keys from newspapers, which appear every 30 s at first. */
test.describe.configure({ timeout: 150_000 });
const acquaintanceMs = 60_000;

let server: Server;

async function open(residents: number): Promise<void> {
  server = await startServer("--residents", String(residents), "--mesh-host", "127.0.0.1");
}

test.afterEach(async () => {
  await server.stop();
});

const postcards = (page: Page): Locator => page.getByRole("dialog", { name: "postcards" });
const home = (page: Page): Locator =>
  postcards(page).getByRole("list", { name: "postcards that came home" }).getByRole("article");

async function openPostcards(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: /^postcards/ }).click();
  return postcards(page);
}

async function write(page: Page, message: string): Promise<void> {
  const desk = await openPostcards(page);
  await desk.getByLabel("what shall the village hear?").fill(message);
  await desk.getByRole("button", { name: "send it round" }).click();
}

async function complaintsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, help }) => `${id}: ${help}`);
}

/** A page in a browser profile of its own: another nara. */
async function moveIn(browser: Browser): Promise<{ page: Page; name: string }> {
  const profile = await browser.newContext({ reducedMotion: "reduce" });
  const page = await profile.newPage();
  return { page, name: await comeHome(page, server.url) };
}

test("a postcard goes through residents and another page, and comes home stamped by all", async ({
  browser,
}) => {
  await open(3);
  const alice = await moveIn(browser);
  const bob = await moveIn(browser);
  for (const { page } of [alice, bob]) {
    await expect(neighbours(page)).toHaveCount(4, { timeout: acquaintanceMs });
  }

  await write(alice.page, "greetings from the hill");
  await expect(home(alice.page)).toContainText("greetings from the hill");
  const wall = postcards(alice.page);
  await wall.getByText(/^5 hops in/).click();
  const hops = await wall.locator("ol").getByRole("listitem").locator("bdi").allTextContents();
  expect(hops).toContain(bob.name);
  expect(new Set(hops).size).toBe(5);
  expect(hops.at(-1)).toBe(alice.name);
  await expect((await openPostcards(bob.page)).getByText("you carried one")).toBeVisible();
  expect(await complaintsOf(alice.page)).toEqual([]);
});

test("what cannot travel is refused in words", async ({ page }) => {
  await open(0);
  await comeHome(page, server.url);
  await write(page, "   ");
  const desk = postcards(page);
  await expect(desk.getByText("an empty postcard tells nobody anything.")).toBeVisible();
  await desk.getByLabel("what shall the village hear?").fill("x".repeat(283));
  await expect(desk.getByText("3 letters too many.")).toBeVisible();
  await desk.getByLabel("what shall the village hear?").fill("hello?");
  await desk.getByRole("button", { name: "send it round" }).click();
  await expect(desk.getByRole("status")).toContainText(/no naras available|could bring it home/);
  await expect(desk.getByText("the wall is bare.")).toBeVisible();
  expect(await complaintsOf(page)).toEqual([]);
});
