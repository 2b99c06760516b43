import { expect, type Page, test } from "@playwright/test";
import { startBroker } from "./support/broker.ts";
import { type PasswordPlaza, startMosquitto } from "./support/mosquitto.ts";
import { comeHome, neighbours, visit } from "./support/nara-page.ts";
import { type Server, startServer } from "./support/server.ts";

const user = "plaza";
const password = "a password, with: odd/characters";

let plaza: PasswordPlaza;
let server: Server;

test.beforeEach(async ({ browserName: _ }, testInfo) => {
  plaza =
    (await startMosquitto(user, password)) ??
    Object.assign(await startBroker({ user, password }), { kind: "aedes" });
  if (plaza.kind !== "mosquitto") {
    const notice = "mosquitto is not installed: an aedes with a password stands in for it";
    console.log(notice);
    testInfo.annotations.push({ type: "stand-in", description: notice });
  }
  server = await startServer("--plaza", plaza.url, "--plaza-user", user, "--plaza-pass", password);
});

test.afterEach(async () => {
  await server.stop();
  await plaza.stop();
});

test("a page meets the residents on a broker behind its server", async ({ page }) => {
  await visit(page, server.url);
  await expect.poll(() => neighbours(page).count()).toBeGreaterThan(0);
});

test("a page meets them there directly, over the broker's own WebSocket", async ({ page }) => {
  const elsewhere = await startServer("--residents", "0");
  await comeHome(page, elsewhere.url);
  const credentials = `${user}:${encodeURIComponent(password)}`;
  await walkTo(page, plaza.webSocketUrl.replace("://", `://${credentials}@`));
  await expect.poll(() => neighbours(page).count()).toBeGreaterThan(0);
  await elsewhere.stop();
});

test("a server that knows a wrong password says so, without telling it, and ends", async () => {
  const starting = startServer(
    "--plaza",
    plaza.url,
    "--plaza-user",
    user,
    "--plaza-pass",
    "open barley",
  );
  await expect(starting).rejects.toThrow(/ended with 1:\n.*user or password/);
  await expect(starting).rejects.not.toThrow("open barley");
});

test("a page that knows a wrong password is told so in words", async ({ page }) => {
  await comeHome(page, server.url);
  await walkTo(page, plaza.webSocketUrl.replace("://", `://${user}:barley@`));
  await expect(page.getByRole("status").getByText("user or password")).toBeVisible();
});

/** Sends the nara to another plaza. */
async function walkTo(page: Page, address: string): Promise<void> {
  await page.getByRole("button", { name: "on the plaza" }).click();
  await page.getByLabel("another one").check();
  await page.getByLabel("its address").fill(address);
  await page.getByRole("button", { name: "walk there" }).click();
  await page.keyboard.press("Escape");
}
