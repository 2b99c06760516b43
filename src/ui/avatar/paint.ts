/**
 * Paints an avatar's layers on a canvas (docs/protocol/ui-and-api.md §a Avatar, Layers): halo, body,
 * two ghosts, fog, glint, grain, the ring's hole. Edges are soft everywhere: shapes are only ever
 * seen through a blur, and a blur is only ever a canvas shadow, which every engine has.
 */
import { type Coat, paint } from "./coat.ts";
import { haloOf, lobesOf, type Outline, rimOf, type Silhouette, type Temper } from "./geometry.ts";
import { latticeNoise } from "./seeds.ts";

export interface Portrait {
  readonly silhouette: Silhouette;
  readonly temper: Temper;
  readonly coat: Coat;
}

export type Brush = CanvasRenderingContext2D;

/** The creature fills this much of its canvas, so that its glow has room. */
const room = 0.78;
/** Softness of the rim, parts of the size. */
const rimBlur = 0.05;

/** Clears the brush's canvas and paints the glow, centred. `size` in pixels. */
export const paintHalo = (brush: Brush, size: number, portrait: Portrait, drift: number): void => {
  const { coat, silhouette, temper } = portrait;
  brush.setTransform(1, 0, 0, 1, 0, 0);
  brush.clearRect(0, 0, size, size);
  brushThroughBlur(brush, size, size * room * temper.haloBlur, paint(coat.dominant, 0.42), () =>
    trace(brush, haloOf(silhouette, temper, drift)),
  );
  calm(brush);
};

/** Clears the brush's canvas and paints the body with all that lies on it, centred. */
export const paintBody = (
  brush: Brush,
  size: number,
  portrait: Portrait,
  drift: number,
  grain: CanvasImageSource,
  glint = 1,
): void => {
  const { coat, silhouette, temper } = portrait;
  const s = size * room;
  const shape = (): void => traceBody(brush, silhouette, drift);
  brush.setTransform(1, 0, 0, 1, 0, 0);
  brush.clearRect(0, 0, size, size);

  brushThroughBlur(brush, size, s * rimBlur, "#000", shape);
  brush.globalCompositeOperation = "source-in";
  brush.setTransform(s, 0, 0, s, size / 2, size / 2);
  const { halfWidth: w, halfHeight: h } = silhouette;
  // Shaded in the body's own proportions, lit from above on the left.
  brush.scale(w, h);
  const body = brush.createRadialGradient(-0.22, -0.36, 0.1, 0, 0, 1.28);
  body.addColorStop(0, paint(coat.highlight, 0.92));
  body.addColorStop(0.5, paint(coat.dominant, 0.92));
  body.addColorStop(1, paint(coat.shadow, 0.94));
  brush.fillStyle = body;
  brush.fillRect(-4, -4, 8, 8);

  brush.globalCompositeOperation = "source-atop";
  brush.setTransform(s, 0, 0, s, size / 2, size / 2);
  const pixel = 0.6 / s;
  ghost(brush, pixel, -pixel * 0.66, paint(coat.highlight, 0.11), shape);
  ghost(brush, -pixel, pixel * 0.66, paint(coat.shadow, 0.08), shape);

  const fog = brush.createLinearGradient(0, -0.12, 0, 0.5);
  fog.addColorStop(0, "rgb(255 255 255 / 0)");
  fog.addColorStop(0.6, "rgb(255 255 255 / 0.2)");
  fog.addColorStop(1, "rgb(255 255 255 / 0.45)");
  brush.fillStyle = fog;
  brush.fillRect(-1, -0.12, 2, 1.2);

  const spark = brush.createRadialGradient(-0.12, -0.18, 0, -0.12, -0.18, 0.18);
  spark.addColorStop(0, `rgb(255 255 255 / ${0.42 * glint})`);
  spark.addColorStop(0.5, `rgb(255 255 255 / ${0.14 * glint})`);
  spark.addColorStop(1, "rgb(255 255 255 / 0)");
  brush.fillStyle = spark;
  brush.fillRect(-0.3, -0.36, 0.36, 0.36);

  brush.setTransform(1, 0, 0, 1, 0, 0);
  brush.globalAlpha = 0.5;
  const pattern = brush.createPattern(grain, "repeat");
  if (pattern !== null) {
    brush.fillStyle = pattern;
    brush.fillRect(0, 0, size, size);
  }
  brush.globalAlpha = 1;

  brush.globalCompositeOperation = "destination-over";
  brushThroughBlur(brush, size, s * temper.bodyBlur, paint(coat.shadow, 0.22), shape);
  if (silhouette.hole > 0) {
    brush.globalCompositeOperation = "destination-out";
    brushThroughBlur(brush, size, s * rimBlur, "#000", () => {
      brush.beginPath();
      brush.ellipse(0, 0, w * silhouette.hole, h * silhouette.hole, 0, 0, Math.PI * 2);
    });
  }
  calm(brush);
};

/** A small tile of specks, light and dark, from the nara's own noise. `side` pixels square. */
export const paintGrain = (brush: Brush, side: number, seed: number): void => {
  const specks = brush.createImageData(side, side);
  for (let at = 0; at < side * side; at++) {
    const noise = latticeNoise(at % side, Math.floor(at / side), seed);
    const tone = noise > 0.5 ? 255 : 20;
    specks.data.set([tone, tone, tone, Math.abs(noise - 0.5) * 44], at * 4);
  }
  brush.putImageData(specks, 0, 0);
};

/** Draws far off the canvas, so that nothing but the shape's shadow falls on it. */
const brushThroughBlur = (
  brush: Brush,
  size: number,
  blur: number,
  colour: string,
  shape: () => void,
): void => {
  const away = size * 4;
  const s = size * room;
  brush.shadowColor = colour;
  brush.shadowBlur = blur;
  brush.shadowOffsetX = away;
  brush.setTransform(s, 0, 0, s, size / 2 - away, size / 2);
  brush.fillStyle = "#000";
  shape();
  brush.fill();
  brush.shadowColor = "transparent";
  brush.shadowBlur = 0;
  brush.shadowOffsetX = 0;
};

const ghost = (brush: Brush, x: number, y: number, colour: string, shape: () => void): void => {
  brush.translate(x, y);
  brush.fillStyle = colour;
  shape();
  brush.fill();
  brush.translate(-x, -y);
};

const traceBody = (brush: Brush, silhouette: Silhouette, drift: number): void => {
  if (silhouette.shape !== "cluster") {
    trace(brush, rimOf(silhouette, drift));
    return;
  }
  brush.beginPath();
  for (const { x, y, width, height } of lobesOf(silhouette, drift)) {
    brush.moveTo(x + width, y);
    brush.ellipse(x, y, width, height, 0, 0, Math.PI * 2);
  }
};

/** Joins the points with curves through their midpoints: no corner anywhere. */
const trace = (brush: Brush, outline: Outline): void => {
  const count = outline.length / 2;
  const x = (at: number): number => outline[(at % count) * 2] ?? 0;
  const y = (at: number): number => outline[(at % count) * 2 + 1] ?? 0;
  brush.beginPath();
  brush.moveTo((x(0) + x(1)) / 2, (y(0) + y(1)) / 2);
  for (let at = 1; at <= count; at++) {
    brush.quadraticCurveTo(x(at), y(at), (x(at) + x(at + 1)) / 2, (y(at) + y(at + 1)) / 2);
  }
};

const calm = (brush: Brush): void => {
  brush.setTransform(1, 0, 0, 1, 0, 0);
  brush.globalCompositeOperation = "source-over";
  brush.shadowColor = "transparent";
  brush.shadowBlur = 0;
};
