import { expect, test } from "@playwright/test";
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
  await page.getByRole("button", { name: "on the plaza" }).click();
  await page.getByLabel("another one").check();
  const address = plaza.webSocketUrl.replace("://", `://${user}:${encodeURIComponent(password)}@`);
  await page.getByLabel("its address").fill(address);
  await page.getByRole("button", { name: "walk there" }).click();
  await page.keyboard.press("Escape");
  await expect.poll(() => neighbours(page).count()).toBeGreaterThan(0);
  await elsewhere.stop();
});

test("a wrong password is told to the page in words", async ({ page }) => {
  const mistaken = await startServer(
    "--residents",
    "0",
    "--plaza",
    plaza.url,
    "--plaza-user",
    user,
    "--plaza-pass",
    "wrong",
  );
  await comeHome(page, mistaken.url);
  await expect(page.getByText(/user or password/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "on the plaza" })).toHaveCount(0);
  await mistaken.stop();
});
