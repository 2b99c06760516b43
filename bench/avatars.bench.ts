/**
 * A crowd of living avatars on one screen: frames a second against those of an empty page in the
 * same browser. Chromium draws in software here (`--disable-gpu`), so a machine with a graphics
 * card has it easier. Pictures are what the avatars' one loop redrew; a calm creature needs few.
 */
import type { Page } from "@playwright/test";
import { type OnPage, withPages } from "./page-browser.ts";
import { line, median } from "./report.ts";

const count = 300;
const runs = 3;
const measureMs = 4000;
/** Frames a second that a person takes for smooth, on a display of 60. */
const budgetShare = 55 / 60;
const fewestPicturesASecond = 5;

await withPages(async (onPage) => {
  const crowds: Frames[] = [];
  const empties: Frames[] = [];
  for (let run = 0; run < runs; run++) {
    empties.push(await watch(onPage, 0));
    crowds.push(await watch(onPage, count));
  }
  report(crowds, empties);
});

interface Frames {
  readonly perSecond: number;
  /** How often one avatar was redrawn in a second. */
  readonly picturesPerSecond: number;
  readonly visible: number;
}

function report(crowds: readonly Frames[], empties: readonly Frames[]): void {
  const figure = median(crowds.map(({ perSecond }) => perSecond));
  const baseline = median(empties.map(({ perSecond }) => perSecond));
  const visible = Math.min(...crowds.map((crowd) => crowd.visible));
  line({
    name: `${visible} avatars on screen, software rendering`,
    figure,
    unit: "frames/s",
    baseline,
    ratio: figure / baseline,
    budget: `≥ ${Math.round(budgetShare * 100)} % of an empty page`,
    ok: visible === count && figure >= budgetShare * baseline,
  });
  const pictures = median(crowds.map(({ picturesPerSecond }) => picturesPerSecond));
  line({
    name: "of these each avatar is drawn anew",
    figure: pictures,
    unit: "pictures/s",
    budget: `≥ ${fewestPicturesASecond} pictures/s`,
    ok: pictures >= fewestPicturesASecond,
  });
}

function watch(onPage: OnPage, avatars: number): Promise<Frames> {
  return onPage(`crowd.html?count=${avatars}`, async (page) => {
    await page.waitForFunction(
      (expected) => document.querySelectorAll("canvas").length === expected,
      avatars,
    );
    await untilDrawn(page);
    return page.evaluate(measure, { measureMs, avatars });
  });
}

/** The first pictures are dearer than those that follow. */
async function untilDrawn(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll("canvas")].every((canvas) => {
      const brush = canvas.getContext("2d");
      const middle = canvas.width >> 1;
      return brush?.getImageData(0, middle, canvas.width, 1).data.some((part) => part > 0);
    }),
  );
}

/** Runs in the page: counts its frames and the avatars' pictures (two sprites each). */
async function measure({
  measureMs: ms,
  avatars,
}: {
  readonly measureMs: number;
  readonly avatars: number;
}): Promise<Frames> {
  const brush = CanvasRenderingContext2D.prototype;
  const draw = brush.drawImage;
  let sprites = 0;
  brush.drawImage = function counted(this: CanvasRenderingContext2D, ...args: never[]) {
    sprites += 1;
    return Reflect.apply(draw, this, args);
  };
  const startedAt = performance.now();
  let frames = 0;
  let now = startedAt;
  while (now - startedAt < ms) {
    await new Promise(requestAnimationFrame);
    frames += 1;
    now = performance.now();
  }
  brush.drawImage = draw;
  const seconds = (now - startedAt) / 1000;
  const visible = [...document.querySelectorAll("canvas")].filter(
    (canvas) => canvas.getBoundingClientRect().bottom <= innerHeight,
  ).length;
  return {
    perSecond: frames / seconds,
    picturesPerSecond: avatars === 0 ? 0 : sprites / 2 / avatars / seconds,
    visible,
  };
}
