/**
 * How many small avatars are redrawn in one frame. Frames that come late shrink it at once, frames
 * that come in time let it grow slowly; the display's own rate is the shortest frame seen of late.
 */
export interface Quota {
  /** Tells how long the last frame took. */
  took(frameMs: number): void;
  perFrame(): number;
}

const fewest = 12;
const most = 120;

export const createQuota = (): Quota => {
  let size = 40;
  let displayMs = 1000 / 60;
  return {
    took(frameMs) {
      if (frameMs <= 0 || frameMs > 250) return;
      displayMs = Math.min(displayMs * 1.001, Math.max(frameMs, 4), 1000 / 30);
      if (frameMs > displayMs * 1.4) size = Math.max(fewest, size * 0.85);
      else size = Math.min(most, size + 0.25);
    },
    perFrame: () => Math.floor(size),
  };
};
