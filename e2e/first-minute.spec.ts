import { expect, test } from "@playwright/test";
import { coloursOf, neighbours, timeline, visit } from "./support/nara-page.ts";
import { tapPlaza } from "./support/plaza-tap.ts";
import { type Server, startServer } from "./support/server.ts";

let server: Server;

test.beforeEach(async () => {
  server = await startServer();
});

test.afterEach(async () => {
  await server.stop();
});

for (const width of [1280, 390]) {
  test(`within a minute a newborn is named, drawn, greeted and has news, ${width} px wide`, async ({
    page,
  }, testInfo) => {
    test.setTimeout(60_000);
    await page.setViewportSize({ width, height: 844 });
    const tap = await tapPlaza(server.plazaUrl);
    const name = await visit(page, server.url);
    await expect.poll(() => coloursOf(page.locator("canvas").first())).toBeGreaterThan(5);
    const greeters = () =>
      new Set(
        tap
          .heard()
          .filter(({ topic }) => topic === "nara/plaza/howdy")
          .map(({ payload }) => JSON.parse(payload) as { From: string; To: string })
          .filter(({ To }) => To === name)
          .map(({ From }) => From),
      ).size;
    await expect.poll(greeters, { timeout: 50_000 }).toBeGreaterThanOrEqual(3);
    await expect.poll(() => timeline(page).count(), { timeout: 50_000 }).toBeGreaterThanOrEqual(10);
    await expect(page.getByRole("button", { name: "skip to the end" })).toHaveCount(0);
    for (const place of ["home", "street"] as const) {
      if (place === "street") {
        const neighbour = neighbours(page).first();
        await neighbour.scrollIntoViewIfNeeded();
        await expect.poll(() => coloursOf(neighbour.locator("canvas"))).toBeGreaterThan(5);
      }
      const path = testInfo.outputPath(`${place}-${width}.png`);
      await page.screenshot({ path });
      await testInfo.attach(`${place}, ${width} px wide`, { path });
    }
    await tap.close();
  });
}
