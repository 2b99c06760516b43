import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { comeHome, neighbours, visit } from "./support/nara-page.ts";
import { type Server, startServer } from "./support/server.ts";

test.describe.configure({ mode: "default" });

let server: Server;

test.beforeAll(async () => {
  server = await startServer();
});

test.afterAll(async () => {
  await server.stop();
});

/** Home, with a neighbour to be seen. */
async function comeHomeToNeighbours(page: Page): Promise<void> {
  await comeHome(page, server.url);
  await expect(neighbours(page).first()).toBeVisible();
}

/** Where in its birth the nara is. */
async function stepOf(page: Page): Promise<string> {
  return (await page.locator("html").getAttribute("data-step")) ?? "";
}

/** Lets the page's clock creep, a millisecond at a time, while something in the page needs it. */
async function inPausedTime<Result>(page: Page, work: Promise<Result>): Promise<Result> {
  let done = false;
  const end = (): void => {
    done = true;
  };
  work.then(end, end);
  while (!done) {
    await page.clock.runFor(1);
  }
  return work;
}

/** What can be operated and had no focus yet. News may come meanwhile, and be a control itself. */
function unreachedControls(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement>(
      "a[href], button:not(:disabled), input, select, textarea, [tabindex='0']",
    );
    return [...all]
      .filter((control) => control.checkVisibility() && control.dataset.reached === undefined)
      .map((control) => control.outerHTML);
  });
}

async function complaintsOf(page: Page): Promise<readonly string[]> {
  // Legacy mode opens no second page to gather its findings; there are no frames to gather from.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target).join(", ")})`,
  );
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("axe finds nothing against any step of a birth", async ({ page }) => {
      await page.clock.install({ time: 0 });
      await page.clock.pauseAt(1000);
      await visit(page, server.url);
      const steps = new Set<string>();
      for (let step = await stepOf(page); step !== "home"; step = await stepOf(page)) {
        if (!steps.has(step)) {
          expect.soft(await inPausedTime(page, complaintsOf(page)), step).toEqual([]);
          steps.add(step);
        }
        await page.clock.runFor(500);
      }
      expect([...steps]).toEqual(["stirring", "condensing", "named", "in-character"]);
    });

    test("axe finds nothing against home and its dialogs", async ({ page }) => {
      await comeHomeToNeighbours(page);
      expect.soft(await complaintsOf(page)).toEqual([]);
      await page.getByRole("button", { name: "soul & settings" }).click();
      for (const drawer of ["soul", "name", "flair", "manners", "plaza", "memory", "turned away"]) {
        await page.getByRole("tab", { name: drawer }).click();
        await expect(page.getByRole("tabpanel", { name: drawer })).toBeVisible();
        expect.soft(await complaintsOf(page), drawer).toEqual([]);
      }
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await neighbours(page).first().getByRole("button").click();
      await expect(page.getByRole("dialog")).toBeVisible();
      expect.soft(await complaintsOf(page), "a neighbour").toEqual([]);
    });
  });
}

test("nothing scrolls sideways at any width", async ({ page }) => {
  await comeHomeToNeighbours(page);
  for (const width of [360, 390, 1280, 2560, 3840]) {
    await page.setViewportSize({ width, height: 800 });
    const overhang = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect.soft(overhang, `at ${width} px`).toBe(0);
  }
});

test("the keyboard reaches every control, and a dialog gives the focus back", async ({ page }) => {
  await comeHomeToNeighbours(page);
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    document.addEventListener("focusin", ({ target }) => {
      (target as HTMLElement).dataset.reached = "";
    });
  });
  // News arrives meanwhile and brings controls of its own: what counts is that a moment comes in
  // which none is left.
  let unreached = await unreachedControls(page);
  const stepsAtMost = 20 * unreached.length;
  for (let step = 0; step < stepsAtMost && unreached.length > 0; step++) {
    await page.keyboard.press("Tab");
    unreached = await unreachedControls(page);
  }
  expect(unreached).toEqual([]);

  const door = page.getByRole("button", { name: "soul & settings" });
  await door.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(door).toBeFocused();
});

test.describe("for who wants no motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("there is no ceremony, and nothing moves", async ({ page }) => {
    await visit(page, server.url);
    await expect(page.getByRole("button", { name: "skip to the end" })).toHaveCount(0);
    const running = await page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === "running").length,
    );
    expect(running).toBe(0);
    const pictures = () =>
      page.evaluate(async () => {
        const canvas = document.querySelector("canvas");
        const seen = new Set<string>();
        for (let frame = 0; frame < 30; frame++) {
          await new Promise(requestAnimationFrame);
          seen.add(canvas?.toDataURL() ?? "");
        }
        return seen.size;
      });
    // A newborn changes its looks when it comes to the plaza; what moves has another in each window.
    await expect.poll(pictures).toBe(1);
  });
});
