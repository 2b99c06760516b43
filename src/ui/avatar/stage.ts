/**
 * The one stage all avatars of a page stand on: one animation loop, drawing only who is in sight,
 * one still picture each where motion is unwelcome. Blurred layers are painted once into sprites;
 * a frame only moves them. The large one (`live`) is repainted whole, small and scaled up. While no
 * pointer stirs it every second frame does: a breath is slow, and a picture is what costs.
 */
import type { NaraLooks } from "../../nara/view.ts";
import { coatOf } from "./coat.ts";
import { silhouetteOf, temperOf } from "./geometry.ts";
import { createMotion, type Motion, nobodyNear, type Pointer } from "./motion.ts";
import { type Brush, type Portrait, paintBody, paintGrain, paintHalo } from "./paint.ts";
import { createQuota } from "./quota.ts";

export type AvatarLooks = Pick<NaraLooks, "name" | "id" | "aura" | "personality" | "buzz">;

export interface Seat {
  /** Takes new looks. Nothing jolts: the silhouette is drawn anew only when its seed changed. */
  dress(looks: AvatarLooks, asleep: boolean): void;
  pat(): void;
  leave(): void;
}

export interface SeatOptions {
  /** CSS pixels of the canvas's side. */
  readonly size: number;
  /** Repainted whole each frame, for a creature that is looked at closely. */
  readonly live: boolean;
  /** The pointer counts while it is over this element. */
  readonly zone: Element;
}

export interface Stage {
  seat(canvas: HTMLCanvasElement, options: SeatOptions): Seat;
}

interface Sitter {
  readonly canvas: HTMLCanvasElement;
  readonly brush: Brush;
  readonly options: SeatOptions;
  portrait: Portrait | undefined;
  /** What the sprites were painted from. */
  paintedFrom: string;
  seed: string;
  motion: Motion;
  halo: Brush | undefined;
  body: Brush | undefined;
  readonly grain: Brush;
  asleep: boolean;
  visible: boolean;
  /** Painted at least once since it changed. */
  fresh: boolean;
  lastAtMs: number;
}

/** Pixels of a live canvas's side: it is all soft, the page scales it up. */
const livePixels = 256;
const pixelRatioCap = 2;
const grainSide = 32;
/** Painting sprites may take this much of one frame. */
const spriteBudgetMs = 5;
/** At rest the stage asks for its next frame so much later: a display of 60 skips every second. */
const restMs = 17;
/** A pointer that moved over an avatar's zone keeps every frame lively for so long. */
const stirredMs = 1500;
/** A finger that lifted is remembered this long. */
const touchAfterglowMs = 900;

export const createStage = (page: Window & typeof globalThis): Stage => {
  const { document } = page;
  const sitters = new Map<Element, Sitter>();
  const zones = new Map<Element, Sitter>();
  const stillness = page.matchMedia("(prefers-reduced-motion: reduce)");
  const quota = createQuota();
  let looping = false;
  let lastFrameMs = 0;
  let stirredUntilMs = 0;
  let resting = false;
  let cursor = 0;
  let watched: Sitter | undefined;
  let pointer: Pointer = nobodyNear;
  let forgetAtMs = Number.POSITIVE_INFINITY;

  const wake = (): void => {
    if (looping) return;
    looping = true;
    lastFrameMs = 0;
    page.requestAnimationFrame(frame);
  };

  const sight = new page.IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const sitter = sitters.get(entry.target);
        if (sitter !== undefined) sitter.visible = entry.isIntersecting;
      }
      wake();
    },
    { rootMargin: "80px" },
  );

  const moves = (sitter: Sitter): boolean => !sitter.asleep && !stillness.matches;

  const frame = (nowMs: number): void => {
    if (lastFrameMs > 0) quota.took((nowMs - lastFrameMs) / (resting ? 2 : 1));
    lastFrameMs = nowMs;
    if (nowMs > forgetAtMs) pointer = nobodyNear;

    const inSight = [...sitters.values()].filter(({ visible, portrait }) => visible && portrait);
    const startedMs = page.performance.now();
    let painting = false;
    for (const sitter of inSight) {
      if (sitter.body !== undefined && sitter.fresh) continue;
      if (page.performance.now() - startedMs > spriteBudgetMs) {
        painting = true;
        break;
      }
      paintSprites(document, sitter);
      show(sitter, nowMs, moves(sitter) ? pointerOf(sitter) : nobodyNear);
    }

    const lively = inSight.filter((sitter) => moves(sitter) && sitter.fresh);
    const crowd: Sitter[] = [];
    for (const sitter of lively) {
      if (sitter.options.live || sitter === watched) show(sitter, nowMs, pointerOf(sitter));
      else crowd.push(sitter);
    }
    const turns = Math.min(crowd.length, quota.perFrame());
    for (let turn = 0; turn < turns; turn++) {
      cursor = (cursor + 1) % crowd.length;
      const sitter = crowd[cursor];
      if (sitter !== undefined) show(sitter, nowMs, nobodyNear);
    }

    looping = painting || lively.length > 0;
    resting = !painting && nowMs > stirredUntilMs;
    if (!looping) return;
    if (resting) page.setTimeout(() => page.requestAnimationFrame(frame), restMs);
    else page.requestAnimationFrame(frame);
  };

  const pointerOf = (sitter: Sitter): Pointer => (sitter === watched ? pointer : nobodyNear);

  const look = (event: PointerEvent): void => {
    const zone = event.target instanceof page.Element ? event.target.closest("[data-stir]") : null;
    const sitter = zone === null ? undefined : zones.get(zone);
    watched = sitter ?? watched;
    forgetAtMs = Number.POSITIVE_INFINITY;
    if (sitter === undefined) {
      pointer = nobodyNear;
      return;
    }
    stirredUntilMs = page.performance.now() + stirredMs;
    const box = sitter.canvas.getBoundingClientRect();
    const reach = Math.max(box.width, 120);
    const clamp = (part: number): number => Math.min(1, Math.max(-1, part));
    pointer = {
      x: clamp((event.clientX - box.left - box.width / 2) / reach),
      y: clamp((event.clientY - box.top - box.height / 2) / reach),
      near: true,
    };
  };
  const lift = (event: PointerEvent): void => {
    if (event.pointerType !== "mouse") forgetAtMs = page.performance.now() + touchAfterglowMs;
  };
  page.addEventListener("pointermove", look, { passive: true });
  page.addEventListener("pointerdown", look, { passive: true });
  page.addEventListener("pointerup", lift, { passive: true });
  page.addEventListener("pointercancel", lift, { passive: true });
  document.documentElement.addEventListener("pointerleave", () => {
    pointer = nobodyNear;
  });
  stillness.addEventListener("change", () => {
    for (const sitter of sitters.values()) sitter.fresh = false;
    wake();
  });

  return {
    seat(canvas, options) {
      const ratio = Math.min(page.devicePixelRatio || 1, pixelRatioCap);
      const side = options.live ? livePixels : Math.round(options.size * ratio);
      canvas.width = side;
      canvas.height = side;
      const sitter: Sitter = {
        canvas,
        brush: canvas.getContext("2d") as Brush,
        options,
        portrait: undefined,
        paintedFrom: "",
        seed: "",
        motion: createMotion(temperOf(unknownMood), 0),
        halo: undefined,
        body: undefined,
        grain: brushOf(document, grainSide),
        asleep: false,
        visible: false,
        fresh: false,
        lastAtMs: 0,
      };
      sitters.set(canvas, sitter);
      zones.set(options.zone, sitter);
      options.zone.setAttribute("data-stir", "");
      sight.observe(canvas);
      return {
        dress(looks, asleep) {
          const isOther = dress(sitter, looks, asleep);
          if (isOther && !stillness.matches) canvas.animate([{ opacity: 0 }, { opacity: 1 }], 700);
          wake();
        },
        pat: () => sitter.motion.pat(),
        leave() {
          sight.unobserve(canvas);
          sitters.delete(canvas);
          if (zones.get(options.zone) === sitter) zones.delete(options.zone);
          if (watched === sitter) watched = undefined;
        },
      };
    },
  };
};

const unknownMood = { personality: { agreeableness: 50, sociability: 50, chill: 50 }, buzz: 0 };

/** Tells whether somebody else's silhouette now stands where one stood before. */
const dress = (sitter: Sitter, looks: AvatarLooks, asleep: boolean): boolean => {
  const seed = looks.id === "" ? looks.name : looks.id;
  const mood = Math.min(Math.max(Math.round(looks.buzz), 0), 12);
  const { agreeableness, sociability, chill } = looks.personality;
  const from = [seed, looks.aura.primary, agreeableness, sociability, chill, mood, asleep].join();
  if (from === sitter.paintedFrom) return false;
  const silhouette = silhouetteOf(seed);
  const temper = temperOf(looks);
  const coat = coatOf(looks);
  const pale = (colour: typeof coat.dominant) => ({ ...colour, s: colour.s * 0.3 });
  sitter.portrait = {
    silhouette,
    temper,
    coat: asleep
      ? {
          dominant: pale(coat.dominant),
          shadow: pale(coat.shadow),
          highlight: pale(coat.highlight),
        }
      : coat,
  };
  const isFirst = sitter.paintedFrom === "";
  const isOther = !isFirst && seed !== sitter.seed;
  if (isFirst) sitter.motion = createMotion(temper, silhouette.phase);
  if (isFirst || isOther) {
    paintGrain(sitter.grain, grainSide, silhouette.noise);
  }
  sitter.motion.become(temper);
  sitter.seed = seed;
  sitter.asleep = asleep;
  sitter.paintedFrom = from;
  sitter.fresh = false;
  return isOther;
};

const brushOf = (document: Document, side: number): Brush => {
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  return canvas.getContext("2d") as Brush;
};

const paintSprites = (document: Document, sitter: Sitter): void => {
  const { portrait } = sitter;
  if (portrait === undefined) return;
  const side = sitter.canvas.width;
  sitter.halo ??= brushOf(document, side);
  sitter.body ??= brushOf(document, side);
  const phase = portrait.silhouette.phase;
  paintHalo(sitter.halo, side, portrait, phase);
  paintBody(sitter.body, side, portrait, phase, sitter.grain.canvas);
  sitter.fresh = true;
};

/** One picture: the sprites, moved; a live one's body is painted anew first. */
const show = (sitter: Sitter, nowMs: number, pointer: Pointer): void => {
  const { brush, halo, body, portrait } = sitter;
  if (halo === undefined || body === undefined || portrait === undefined) return;
  const pose = sitter.motion.step((nowMs - sitter.lastAtMs) / 1000, pointer);
  sitter.lastAtMs = nowMs;
  const side = sitter.canvas.width;
  if (sitter.options.live) {
    const drift = portrait.silhouette.phase + pose.drift;
    paintHalo(halo, side, portrait, drift);
    paintBody(body, side, portrait, drift, sitter.grain.canvas, pose.glint);
  }
  brush.setTransform(1, 0, 0, 1, 0, 0);
  brush.clearRect(0, 0, side, side);
  const middle = side / 2;
  if (!sitter.asleep) {
    const glow = pose.haloScale;
    brush.setTransform(glow, 0, 0, glow, middle + pose.haloX * side, middle + pose.haloY * side);
    brush.drawImage(halo.canvas, -middle, -middle);
  }
  const cos = Math.cos(pose.tilt);
  const sin = Math.sin(pose.tilt);
  brush.setTransform(
    cos * pose.scaleX,
    sin * pose.scaleX,
    -sin * pose.scaleY,
    cos * pose.scaleY,
    middle + pose.x * side,
    middle + (pose.y + portrait.silhouette.bias * 0.2) * side,
  );
  brush.drawImage(body.canvas, -middle, -middle);
};
