import { expect, test } from "vitest";
import { readSoulFile, soulFileName } from "./soul-file.ts";

test("a soul file comes back as it was kept", () => {
  expect(readSoulFile(soulFileName("noisy-bear-189"), "5Kd3soul\n")).toEqual({
    soul: "5Kd3soul",
    name: "noisy-bear-189",
  });
});

test("a second download and a foreign file name are read too", () => {
  expect(readSoulFile("noisy-bear-189.soul (2).txt", "s").name).toBe("noisy-bear-189");
  expect(readSoulFile("noisy-bear-189.soul(1).txt", "s").name).toBe("noisy-bear-189");
  expect(readSoulFile("notes.txt", "s").name).toBe("");
  expect(readSoulFile("../etc.soul.txt", "s").name).toBe("");
});
