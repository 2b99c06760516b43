import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { avatarSeed, createDraw, latticeNoise } from "../../src/ui/avatar/seeds.ts";

interface AvatarVector {
  readonly id: string;
  readonly label: string;
  readonly seed: number;
  readonly first: readonly number[];
  readonly noise: number;
}

const vectors: readonly AvatarVector[] = JSON.parse(
  readFileSync(new URL("./life.json", import.meta.url), "utf8"),
).avatar;

test("there are avatar vectors", () => expect(vectors.length).toBeGreaterThan(0));

test.each(vectors)("avatar seed of $label:$id", ({ label, id, seed, first, noise }) => {
  expect(avatarSeed(label, id)).toBe(seed);
  const draw = createDraw(seed);
  expect(first.map(() => draw())).toEqual(first);
  expect(latticeNoise(3, -2, seed)).toBe(noise);
});
