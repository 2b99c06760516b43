import { expect, test } from "vitest";
import { resolveHost } from "./resolve.ts";

test("what the operator lists is looked up by this machine's own rules", async () => {
  const found = await resolveHost("localhost", true);
  expect(found.some((address) => address === "127.0.0.1" || address === "::1")).toBe(true);
});

test("a name that is none has no addresses, and nothing is thrown", async () => {
  expect(await resolveHost("", false)).toEqual([]);
  expect(await resolveHost("a..b", false)).toEqual([]);
  expect(await resolveHost("x".repeat(300), true)).toEqual([]);
});
