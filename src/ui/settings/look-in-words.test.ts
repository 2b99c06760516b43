import { expect, test } from "vitest";
import { lookInLine, placeOfLooks } from "./look-in-words.ts";

test("letting others look in says where, or that nobody can call yet", () => {
  expect(lookInLine(true, "relay.example:7501")).toBe(
    "from now on others may look in at http://relay.example:7501/narae.json.",
  );
  expect(lookInLine(true, "")).toMatch(/once it can be called/);
  expect(lookInLine(false, "relay.example:7501")).toMatch(/naras alone/);
});

test("an address without a port has the mesh's", () => {
  expect(placeOfLooks("10.9.0.7")).toBe("http://10.9.0.7:7433/narae.json");
});
