import { expect, test } from "vitest";
import { memoryProfile, parseMemoryMode } from "./memory-mode.ts";

test("a mode is read as Go trims and lowers it", () => {
  expect(parseMemoryMode("\u0085\u00a0\u3000Short\t")).toBe("short");
  expect(parseMemoryMode("\ufeffshort")).toBe("medium");
  expect(parseMemoryMode("Auto")).toBe("auto");
});

test("where the memory is not known, auto is medium", () => {
  expect(memoryProfile("auto")).toBe(memoryProfile("medium"));
});
