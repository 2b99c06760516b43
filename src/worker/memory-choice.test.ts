import { expect, test } from "vitest";
import { autoMemory, chosenMemory } from "./memory-choice.ts";

test.each([
  [undefined, "short"],
  [0.25, "short"],
  [4, "short"],
  [8, "medium"],
  [16, "medium"],
  [32, "hog"],
])("a device with %s GiB lets a nara be %s", (deviceGib, mode) => {
  expect(chosenMemory(autoMemory, deviceGib).mode).toBe(mode);
});

test("what a person chose counts, whatever the device", () => {
  expect(chosenMemory({ mode: "hog", maxEvents: 1000 }, 1).maxEvents).toBe(320_000);
  expect(chosenMemory({ mode: "short", maxEvents: 1000 }, 64).maxEvents).toBe(20_000);
  expect(chosenMemory({ mode: "custom", maxEvents: 4321 }, 64)).toMatchObject({
    mode: "custom",
    maxEvents: 4321,
  });
});
