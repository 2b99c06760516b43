import { expect, test } from "vitest";
import { checkPlazaUrl, plazaAddress } from "./plaza-choice.ts";

const secure = "https://nara.example";
const plain = "http://192.168.1.5:8080";

test("wss goes anywhere, ws from a plain page or to this machine", () => {
  for (const [url, origin] of [
    ["wss://broker.example/mqtt", secure],
    ["wss://user:word@broker.example:9001/", secure],
    ["ws://localhost:9001/mqtt", secure],
    ["ws://127.0.0.1:9001/mqtt", secure],
    ["ws://[::1]:9001/mqtt", secure],
    ["ws://192.168.1.7:9001/mqtt", plain],
  ] as const) {
    expect(checkPlazaUrl(`  ${url}\n`, origin)).toEqual({ ok: true, value: url });
  }
});

test.each([
  ["http://broker.example", plain],
  ["mqtt://broker.example:1883", plain],
  ["broker.example:9001", plain],
  ["not an address", plain],
  ["ws://broker.example/mqtt", secure],
  ["ws://127.evil.example/mqtt", secure],
  ["ws://10.0.0.1/mqtt", secure],
])("%s from a page of %s is refused, and named", (url, origin) => {
  const checked = checkPlazaUrl(url, origin);
  expect(checked).toMatchObject({ ok: false, refusal: expect.stringContaining(url) });
});

test("an address with a fragment is refused", () => {
  expect(checkPlazaUrl("wss://broker.example/mqtt#x", secure).ok).toBe(false);
});

test("no choice is the server the page came from", () => {
  expect(checkPlazaUrl("  ", secure)).toEqual({ ok: true, value: "" });
  expect(plazaAddress("", secure)).toBe("wss://nara.example/mqtt");
  expect(plazaAddress("", plain)).toBe("ws://192.168.1.5:8080/mqtt");
  expect(plazaAddress("wss://broker.example/", plain)).toBe("wss://broker.example/");
});
