/** From nara to nara through the relay, in real pages (docs/server.md, The mesh). */
import { expect, type Page, test } from "@playwright/test";
import { freePort } from "./support/free-port.ts";
import { comeHome, neighbours, timeline } from "./support/nara-page.ts";
import { type Server, startServer } from "./support/server.ts";
import { soulsOf, wake } from "./support/souls.ts";

let server: Server;

test.beforeEach(async () => {
  const first = Math.min(await freePort(), 65_000);
  server = await startServer("--residents", "3", "--mesh-ports", `${first}-${first + 40}`);
});

test.afterEach(async () => {
  await server.stop();
});

/** They take any tease well: sociable, and not so calm that nothing reaches it. */
const [goodSport, lateSport] = soulsOf(({ sociability, chill }) => sociability > 40 && chill < 50);

/** A round of zines comes every 30 to 300 seconds, by mood. */
const zineRoundMs = 170_000;

async function openMesh(page: Page): Promise<void> {
  await page.getByRole("button", { name: /on the plaza/ }).click();
  await page.getByRole("tab", { name: "mesh" }).click();
}

const zines = async (page: Page, way: "given" | "taken"): Promise<number> =>
  Number(await page.locator(`[data-zines-${way}]`).getAttribute(`data-zines-${way}`));

test("two pages and three residents hand zines round, a postcard comes home, a tease arrives, and a latecomer remembers", async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const profiles = [await browser.newContext(), await browser.newContext()];
  const [here, there] = [await profiles[0]!.newPage(), await profiles[1]!.newPage()];
  await wake(there, server.url, goodSport);
  const [me, you] = [await comeHome(here, server.url), await comeHome(there, server.url)];
  await expect(neighbours(here).filter({ hasText: you })).toHaveCount(1);
  await expect(neighbours(there).filter({ hasText: me })).toHaveCount(1);

  await test.step("a tease by hand", async () => {
    await neighbours(here).filter({ hasText: you }).getByRole("button").click();
    const profile = here.getByRole("dialog");
    await profile.getByRole("button", { name: `tease ${you}` }).click();
    await expect(profile.getByRole("status").filter({ hasText: "you whisper" })).toHaveCount(1);
    await here.keyboard.press("Escape");
    await expect(timeline(there).filter({ hasText: `${me} → ${you}` })).not.toHaveCount(0);
  });

  await test.step("a postcard once round the village", async () => {
    await here.getByRole("button", { name: /^postcards/ }).click();
    const desk = here.getByRole("dialog");
    await desk.getByLabel("what shall the village hear?").fill("greetings from a page");
    await desk.getByRole("button", { name: "send it round" }).click();
    const card = desk.getByRole("article").filter({ hasText: "greetings from a page" });
    await expect(card).toHaveCount(1, { timeout: 60_000 });
    await desk.locator("summary").first().click();
    await expect(desk.getByRole("listitem").filter({ hasText: you })).not.toHaveCount(0);
    await here.keyboard.press("Escape");
  });

  await test.step("zines both ways, at both", async () => {
    await Promise.all([openMesh(here), openMesh(there)]);
    for (const page of [here, there]) {
      for (const way of ["given", "taken"] as const) {
        await expect.poll(() => zines(page, way), { timeout: zineRoundMs }).toBeGreaterThan(0);
      }
    }
  });

  await test.step("a third page remembers what it missed", async () => {
    const late = await (await browser.newContext()).newPage();
    await wake(late, server.url, lateSport);
    await comeHome(late, server.url);
    await openMesh(late);
    await expect(late.getByText(/when it woke, .* told it \d+ events/)).toHaveCount(1, {
      timeout: 120_000,
    });
    await late.keyboard.press("Escape");
    await late.getByRole("button", { name: "look further back" }).click();
    const attic = late.getByRole("dialog");
    await attic.getByLabel("of whom?").fill(you);
    await attic.getByRole("button", { name: /^social/ }).click();
    await expect(attic.getByText(`${me} → ${you}`)).not.toHaveCount(0);
    await late.context().close();
  });

  await Promise.all(profiles.map((profile) => profile.close()));
});
