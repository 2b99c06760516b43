import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { startBroker } from "./support/broker.ts";
import { type Life, liar, livedLife } from "./support/dump.ts";
import { scrollToEnd, watchTasks } from "./support/long-tasks.ts";
import { comeHome, neighbours } from "./support/nara-page.ts";
import { type Server, startServer } from "./support/server.ts";

/** As many events as a nara with a short memory holds; and enough for what needs no such length. */
const lifetime = 20_000;
const youth = 3000;

let server: Server;

/** Twenty thousand signatures are made, written, read and checked on what may be a busy machine. */
test.describe.configure({ timeout: 180_000 });

test.beforeEach(async () => {
  server = await startServer("--residents", "1");
});

test.afterEach(async () => {
  await server.stop();
});

const attic = (page: Page): Locator => page.getByRole("dialog", { name: "as far back" });
const lane = (page: Page): Locator => attic(page).getByRole("region", { name: "memories" });
const rows = (page: Page): Locator => lane(page).getByRole("listitem");
const cupboard = (page: Page): Locator => page.getByRole("dialog", { name: "the cupboard" });

async function openMemoryDrawer(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: /memory: .* forgotten/ }).click();
  return cupboard(page).getByRole("tabpanel", { name: "memory" });
}

async function bringBack(page: Page, dump: string): Promise<void> {
  const drawer = await openMemoryDrawer(page);
  await drawer.getByLabel("bring back memories").setInputFiles({
    name: "a-life.jsonl",
    mimeType: "application/x-ndjson",
    buffer: Buffer.from(dump),
  });
}

/** A page with a neighbour, whose nara has been given a long life to remember. */
async function comeHomeWithALife(
  page: Page,
  length: number,
): Promise<Life & { readonly neighbour: string }> {
  await comeHome(page, server.url);
  const button = neighbours(page).first().getByRole("button");
  await expect(button).toBeVisible();
  const neighbour = ((await button.textContent()) ?? "").trim();
  const life = livedLife(length, neighbour, Date.now());
  const drawer = await openMemoryDrawer(page);
  await drawer.getByRole("radio", { name: /^medium/ }).check();
  await drawer.getByRole("button", { name: "remember so much" }).click();
  await expect(drawer.getByText("room for 80 000 events.")).toBeVisible();
  await page.keyboard.press("Escape");
  await bringBack(page, life.dump);
  const account = `${length / 1000} 000 remembered, 0 known already, 0 refused.`;
  await expect(drawer.getByText(account)).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press("Escape");
  return { ...life, neighbour };
}

async function complaintsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target).join(", ")})`,
  );
}

test("a nara that holds 20 000 events shows them all, scrolled through without a stutter", async ({
  page,
}) => {
  const life = await comeHomeWithALife(page, lifetime);
  await page.getByRole("button", { name: "look further back" }).click();
  await expect(attic(page).getByText(/^20\s\d{3} memories$/)).toBeVisible();
  await expect(rows(page).first()).toHaveAttribute("aria-posinset", "1");
  expect(await rows(page).count()).toBeLessThan(60);

  const stop = await watchTasks(page);
  const frames = await scrollToEnd(lane(page), 3000);
  const longTasks = await stop();
  expect(frames.length).toBeGreaterThan(300);
  expect(longTasks.filter((ms) => ms > 200)).toEqual([]);
  const oldest = life.events[0]!;
  await expect(rows(page).last()).toContainText(`${oldest.emitter} says hey there`);
  const last = Number(await rows(page).last().getAttribute("aria-posinset"));
  expect(last).toBeGreaterThanOrEqual(lifetime);
  expect(await rows(page).last().getAttribute("aria-setsize")).toBe(String(last));
  expect(await rows(page).count()).toBeLessThan(60);
});

test("the end of a long memory is one key away, and the keyboard reaches what is on the way", async ({
  page,
}) => {
  const life = await comeHomeWithALife(page, lifetime);
  await page.getByRole("button", { name: "look further back" }).click();
  await expect(rows(page).first()).toBeVisible();
  await lane(page).focus();
  await page.keyboard.press("End");
  await expect(rows(page).last()).toContainText(`${life.events[0]!.emitter} says hey there`);
  await page.keyboard.press("Home");
  await expect(rows(page).first()).toHaveAttribute("aria-posinset", "1");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "look further back" })).toBeFocused();
});

test("kinds and a name narrow what is shown, together", async ({ page }) => {
  const life = await comeHomeWithALife(page, youth);
  const [name, other] = [life.names[7]!, life.names[9]!];
  const fits = (one: string): number =>
    life.events.filter(
      (event) =>
        event.svc === "social" &&
        (event.payload.actor.includes(one) || event.payload.target.includes(one)),
    ).length;
  await page.getByRole("button", { name: "look further back" }).click();
  const pill = attic(page).getByRole("button", { name: /^social/ });
  await pill.click();
  await expect(pill).toHaveAttribute("aria-pressed", "true");
  const box = attic(page).getByRole("combobox", { name: "of whom?" });
  await box.fill(name);
  await expect(
    attic(page).getByText(new RegExp(`^${fits(name)} of 3\\s0\\d\\d memories fit`)),
  ).toBeVisible();
  for (const text of await rows(page).allInnerTexts()) {
    expect(text).toContain(name);
    expect(text).toContain("→");
  }
  await box.fill(other);
  await expect(attic(page).getByText(new RegExp(`^${fits(other)} of`))).toBeVisible();
  await expect(rows(page).first()).toContainText(other);
  await box.fill("nobody-at-all");
  await expect(attic(page).getByText("only cobwebs")).toBeVisible();
  await box.fill("");
  await attic(page).getByRole("button", { name: "everything" }).click();
  await expect(attic(page).getByText(/^3\s0\d\d memories$/)).toBeVisible();
});

test("an attic that was opened empty shows the first memory that comes", async ({
  page,
  context,
}) => {
  const plaza = await startBroker();
  const alone = await startServer("--plaza", plaza.url, "--residents", "0");
  await plaza.stop();
  await comeHome(page, alone.url);
  await page.getByRole("button", { name: "look further back" }).click();
  await expect(attic(page).getByText("only cobwebs")).toBeVisible();

  const sameNara = await context.newPage();
  await comeHome(sameNara, alone.url);
  await bringBack(sameNara, livedLife(100, "citizen-1", Date.now()).dump);
  await expect(rows(page).first()).toBeVisible();
  await expect(attic(page).getByText("only cobwebs")).toBeHidden();
  await alone.stop();
});

test("why do I think so? the witnesses are named, and who is not heard", async ({ page }) => {
  const { neighbour } = await comeHomeWithALife(page, youth);
  await neighbours(page).filter({ hasText: neighbour }).getByRole("button").click();
  const profile = page.getByRole("dialog", { name: neighbour });
  const restarts = profile.getByRole("group").filter({ hasText: /^restarts/ });
  await restarts.getByText("why do I think so?").click();
  const said = (name: string) => restarts.getByRole("listitem").filter({ hasText: `${name}: ` });
  await expect(said("citizen-3")).toContainText("citizen-3: 4");
  await expect(said("citizen-3")).toContainText("counts");
  await expect(said(liar)).toContainText("900");
  await expect(said(liar)).toContainText("too far off");
  expect.soft(await complaintsOf(page), "why").toEqual([]);

  const online = profile.getByRole("group").filter({ hasText: /^is it here/ });
  await online.getByText("why do I think so?").click();
  await expect(online.getByRole("listitem").first()).toContainText("counts");

  await profile.getByRole("button", { name: "all I remember of it" }).click();
  await expect(attic(page).getByRole("combobox", { name: "of whom?" })).toHaveValue(neighbour);
  await expect(rows(page).first()).toContainText(neighbour);
});

test("less room means forgetting at once, which is counted by kind and reason", async ({
  page,
}) => {
  await comeHomeWithALife(page, youth);
  const drawer = await openMemoryDrawer(page);
  await drawer.getByRole("radio", { name: "a number of your own" }).check();
  await drawer.getByLabel("how many events").fill("999");
  await drawer.getByRole("button", { name: "remember so much" }).click();
  await expect(drawer.getByText("a whole number from 1 000")).toBeVisible();
  await drawer.getByLabel("how many events").fill("1000");
  await drawer.getByRole("button", { name: "remember so much" }).click();
  await expect(drawer.getByText("room for 1 000 events.")).toBeVisible();
  await expect(drawer.getByText("1 000 of 1 000 events")).toBeVisible();
  const seen = drawer.getByRole("row", { name: /^seen/ });
  await expect(seen).toContainText("there was no more room");
  await page.reload();
  await expect(page.getByRole("button", { name: /^custom memory: .* forgotten/ })).toBeVisible();
});

test("a memory saved by one nara is remembered by another, and twice is known already", async ({
  page,
  browser,
}) => {
  const life = livedLife(300, "citizen-1", Date.now());
  await comeHome(page, server.url);
  // What comes in the first moments moves what stands below it.
  await expect(neighbours(page).first()).toBeVisible();
  await bringBack(page, `${life.dump}no event at all\n`);
  const drawer = cupboard(page).getByRole("tabpanel", { name: "memory" });
  await expect(drawer.getByText("300 remembered, 0 known already, 1 refused.")).toBeVisible();
  await expect(drawer.getByText("the first line that is no event is line 301.")).toBeVisible();
  const downloading = page.waitForEvent("download");
  await drawer.getByRole("button", { name: "save my memory" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^[a-z0-9-]+\.memories\.jsonl$/);

  const yours = await browser.newContext();
  const there = await yours.newPage();
  await comeHome(there, server.url);
  await expect(neighbours(there).first()).toBeVisible();
  const other = await openMemoryDrawer(there);
  for (const expected of [/^3\d\d remembered, \d known already/, /^0 remembered, 3\d\d known/]) {
    await other.getByLabel("bring back memories").setInputFiles(await download.path());
    await expect(other.getByText(expected)).toBeVisible();
  }
  await yours.close();
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    test.describe(`in the ${colorScheme}, ${width} px wide`, () => {
      test.use({ colorScheme, viewport: { width, height: 844 } });

      test("axe finds nothing against the attic, the memory drawer and the reasons", async ({
        page,
      }, testInfo) => {
        const shoot = (name: string) =>
          page.screenshot({ path: testInfo.outputPath(`${name}-${width}-${colorScheme}.png`) });
        await comeHome(page, server.url);
        const neighbour = neighbours(page).first().getByRole("button");
        await expect(neighbour).toBeVisible();
        await page.getByRole("button", { name: "look further back" }).click();
        await expect(rows(page).first()).toBeVisible();
        expect.soft(await complaintsOf(page), "attic").toEqual([]);
        await shoot("attic");
        await attic(page)
          .getByRole("button", { name: /^checkpoint/ })
          .click();
        await expect(attic(page).getByText("only cobwebs")).toBeVisible();
        expect.soft(await complaintsOf(page), "empty attic").toEqual([]);
        await page.keyboard.press("Escape");
        const drawer = await openMemoryDrawer(page);
        await drawer.getByRole("radio", { name: "a number of your own" }).check();
        await bringBackHere(drawer, livedLife(100, "citizen-1", Date.now()).dump);
        expect.soft(await complaintsOf(page), "memory drawer").toEqual([]);
        await shoot("memory");
        await page.keyboard.press("Escape");
        await neighbour.click();
        const online = page.getByRole("group").filter({ hasText: "is it here?" });
        await online.getByText("is it here?").click();
        await expect(online).toHaveAttribute("open", "");
        expect.soft(await complaintsOf(page), "why").toEqual([]);
        await shoot("why");
      });
    });
  }
}

async function bringBackHere(drawer: Locator, dump: string): Promise<void> {
  const buffer = Buffer.from(dump);
  const file = { name: "a-life.jsonl", mimeType: "application/x-ndjson", buffer };
  await drawer.getByLabel("bring back memories").setInputFiles(file);
  await expect(drawer.getByText("100 remembered")).toBeVisible();
}
