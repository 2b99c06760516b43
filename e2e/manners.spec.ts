import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { comeHome, neighbours } from "./support/nara-page.ts";
import { type Server, startServer } from "./support/server.ts";

let server: Server;

test.beforeEach(async () => {
  server = await startServer("--residents", "1");
});

test.afterEach(async () => {
  await server.stop();
});

async function openDrawer(page: Page, name: string): Promise<Locator> {
  await page.getByRole("button", { name: /^flair/ }).click();
  const cupboard = page.getByRole("dialog", { name: "the cupboard" });
  await cupboard.getByRole("tab", { name }).click();
  return cupboard.getByRole("tabpanel", { name });
}

async function complaintsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, help }) => `${id}: ${help}`);
}

test("manners are chosen while the nara lives, and stay over a reload", async ({
  page,
  context,
}) => {
  const name = await comeHome(page, server.url);
  const other = await (await context.browser()?.newContext())?.newPage();
  if (other === undefined) throw new Error("no second profile");
  await comeHome(other, server.url);
  const seen = neighbours(other).filter({ hasText: name });
  await expect(seen).toBeVisible();

  const drawer = await openDrawer(page, "manners");
  expect(await complaintsOf(page)).toEqual([]);
  await drawer.getByRole("checkbox", { name: /^only listen/ }).check();
  await drawer.getByRole("checkbox", { name: /^quiet hours/ }).check();
  await drawer.getByLabel("from").fill("21:30");
  await drawer.getByLabel("to", { exact: true }).fill("21:30");
  await drawer.getByRole("button", { name: "behave so" }).click();
  await expect(drawer.getByText("two different times, please.")).toBeVisible();
  await drawer.getByLabel("to", { exact: true }).fill("06:00");
  await drawer.getByRole("button", { name: "behave so" }).click();
  await expect(drawer.getByText("from now on it only listens.")).toBeVisible();
  await expect(seen).toContainText("offline");

  await page.reload();
  const again = await openDrawer(page, "manners");
  await expect(again.getByRole("checkbox", { name: /^only listen/ })).toBeChecked();
  await expect(again.getByLabel("from")).toHaveValue("21:30");
  await again.getByRole("checkbox", { name: /^only listen/ }).uncheck();
  await again.getByRole("button", { name: "behave so" }).click();
  await expect(seen).not.toContainText("offline");
  await other.context().close();
});

test("every mark of a flair is explained, mine and a neighbour's", async ({ page }) => {
  await comeHome(page, server.url);
  const drawer = await openDrawer(page, "flair");
  const legend = drawer.getByRole("list", { name: "what the flair says" });
  await expect(legend.getByText("lives in a window of a browser")).toBeVisible();
  await expect(legend.getByText("the gem of a soul that wears its own name")).toBeVisible();
  expect(await complaintsOf(page)).toEqual([]);
});

test("who calls its address sees nothing of its web API before it lets others look in, and then all", async ({
  page,
  request,
}) => {
  const name = await comeHome(page, server.url);
  const drawer = await openDrawer(page, "mesh");
  const address = drawer.locator("code").first();
  await expect(address).toHaveText(/^127\.0\.0\.1:\d+$/);
  const narae = `http://${await address.textContent()}/narae.json`;
  expect((await request.get(narae)).status()).toBe(404);

  await drawer.getByRole("checkbox", { name: /^let others look in/ }).check();
  await drawer.getByRole("button", { name: "keep it so" }).click();
  await expect(drawer.getByText(`open at http://${await address.textContent()}`)).toBeVisible();
  expect(await complaintsOf(page)).toEqual([]);
  const shown = await request.get(narae);
  expect(shown.status()).toBe(200);
  expect(await shown.text()).toContain(`"${name}"`);

  await drawer.getByRole("checkbox", { name: /^let others look in/ }).uncheck();
  await drawer.getByRole("button", { name: "keep it so" }).click();
  await expect(drawer.getByText("open at")).toBeHidden();
  expect((await request.get(narae)).status()).toBe(404);
});
