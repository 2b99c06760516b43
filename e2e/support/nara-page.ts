/** What a visitor sees, by the names assistive technology gives it. */
import { expect, type Locator, type Page } from "@playwright/test";

/** Opens a page and waits until its nara has a name. */
export async function visit(page: Page, url: string): Promise<string> {
  await page.goto(url);
  return nameOn(page);
}

/** As `visit`, and past the birth. */
export async function comeHome(page: Page, url: string): Promise<string> {
  const name = await visit(page, url);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "skip to the end" })).toHaveCount(0);
  return name;
}

/** The name of the nara that this page is. */
export async function nameOn(page: Page): Promise<string> {
  const me = page.locator("[data-me]").first();
  await expect(me).toHaveText(/\S/);
  return ((await me.textContent()) ?? "").trim();
}

export const neighbours = (page: Page): Locator =>
  page.getByRole("list", { name: "neighbours" }).getByRole("listitem");

export const timeline = (page: Page): Locator => page.getByRole("feed").getByRole("article");

/** How many different colours a canvas shows; an empty one shows one. */
export function coloursOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const source = element as HTMLCanvasElement;
    const copy = new OffscreenCanvas(source.width, source.height);
    const context = copy.getContext("2d");
    if (context === null || source.width === 0 || source.height === 0) {
      return 0;
    }
    context.drawImage(source, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}
