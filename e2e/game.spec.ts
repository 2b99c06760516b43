import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { freePort } from "./support/free-port.ts";
import { comeHome, neighbours, timeline } from "./support/nara-page.ts";
import { type Server, startServer } from "./support/server.ts";

let server: Server;

test.beforeEach(async () => {
  const first = Math.min(await freePort(), 65_000);
  server = await startServer("--residents", "1", "--mesh-ports", `${first}-${first + 40}`);
});
test.afterEach(async () => {
  await server.stop();
});

test("a page plays rock-paper-scissors with a resident, by keyboard alone", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await comeHome(page, server.url);
  await expect(neighbours(page)).toHaveCount(1, { timeout: 60_000 });
  await neighbours(page).getByRole("button").press("Enter");
  await page.getByRole("button", { name: "play with it" }).press("Enter");
  const game = page.getByRole("dialog", { name: /^a game with/ });
  await expect(game.getByText("no game in this life yet.")).toBeVisible();

  const told = /your paper wraps the rock|the scissors .* cut your paper|you two think alike/;
  // Both have just woken: until they know how to reach each other, the page says so.
  await expect(async () => {
    await game.getByRole("button", { name: "paper" }).press("Enter");
    await expect(game.getByRole("status")).toHaveText(told, { timeout: 9000 });
  }).toPass({ timeout: 60_000 });
  await expect(game.getByText(/^in this life: (1 won|0 won, 1 lost|.* 1 drawn)/)).toBeVisible();
  await expect(game.getByRole("button", { name: "paper" })).toBeFocused();

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(timeline(page).filter({ hasText: "played rock-paper-scissors" })).toHaveCount(1);
});
