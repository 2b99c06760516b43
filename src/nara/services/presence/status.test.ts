import { expect, test } from "vitest";
import { mergeStatus } from "./merge-status.ts";
import { noObservation } from "./observation.ts";
import { decodeStatus, encodeStatus, type NaraStatus, zeroStatus } from "./status.ts";

const statusWith = (parts: Partial<NaraStatus>): NaraStatus => ({ ...zeroStatus, ...parts });

const readStatus = (json: string): NaraStatus => {
  const decoded = decodeStatus(json);
  if (!decoded.ok) throw new Error(decoded.refusal);
  return decoded.value;
};

test("a Status survives the wire byte for byte", () => {
  const wire = encodeStatus(
    statusWith({
      flair: "🍀<&>",
      observations: new Map([["bob", { ...noObservation, restarts: 2 }]]),
      coordinates: { x: 1.5, y: -2.25, height: 0.00001, error: 1 },
      memoryMode: "short",
    }),
  );
  expect(wire).toContain('"Flair":"🍀\\u003c\\u0026\\u003e"');
  expect(wire).toContain('"Observations":{"bob":{"restarts":2}}');
  expect(wire).toContain('"coordinates":{"x":1.5,"y":-2.25,"height":0.00001,"error":1}');
  expect(encodeStatus(readStatus(wire))).toBe(wire);
});

test("a newspaper's Observations stay null", () => {
  expect(encodeStatus(zeroStatus)).toContain('"Observations":null');
  expect(readStatus('{"Observations":null}').observations).toBeNull();
});

test("coordinates that would poison a peer are left out", () => {
  for (const x of ["1e200", "-100001", "100001"]) {
    const status = readStatus(`{"coordinates":{"x":${x},"y":0,"height":0,"error":1}}`);
    expect(status.coordinates).toBeUndefined();
  }
  const negative = '{"coordinates":{"x":0,"y":0,"height":-1,"error":1}}';
  expect(readStatus(negative).coordinates).toBeUndefined();
});

test("buzz, chattiness, uptime and personality stay within what is possible", () => {
  const status = readStatus(
    '{"Buzz":-5,"Chattiness":1000,"HostStats":{"Uptime":18446744073709551615},' +
      '"Personality":{"Agreeableness":101,"Sociability":-1,"Chill":50}}',
  );
  expect(status.buzz).toBe(0);
  expect(status.chattiness).toBe(100);
  expect(status.hostStats.uptimeS).toBe(3_200_000_000);
  expect(status.personality).toEqual({ agreeableness: 100, sociability: 0, chill: 50 });
});

test("an aura that is no colour is none", () => {
  expect(readStatus('{"Aura":{"primary":"red","secondary":"#00ff00"}}').aura).toEqual({
    primary: "",
    secondary: "#00ff00",
  });
});

test("a field of the wrong sort refuses the whole Status", () => {
  expect(decodeStatus('{"Chattiness":50.0}').ok).toBe(false);
  expect(decodeStatus('{"HostStats":{"Uptime":-1}}').ok).toBe(false);
  expect(decodeStatus('{"Flair":7}').ok).toBe(false);
  expect(decodeStatus("[]").ok).toBe(false);
});

test("a flair longer than any nara has is refused", () => {
  const wire = encodeStatus(statusWith({ flair: "🍀".repeat(100) }));
  expect(decodeStatus(wire)).toEqual({ ok: false, refusal: "too_long" });
});

test("moods are taken even when empty, facts only when they say something", () => {
  const old = statusWith({ trend: "t-style", buzz: 20, flair: "🍀", id: "ID1", stashStored: 1 });
  const merged = mergeStatus(old, statusWith({ stashStored: 7 }));
  expect(merged).toEqual(statusWith({ flair: "🍀", id: "ID1", stashStored: 1 }));
});

test("observations are added by name, onto none as well", () => {
  const theirs = new Map([["x", { ...noObservation, restarts: 2 }]]);
  const merged = mergeStatus(zeroStatus, statusWith({ observations: theirs }));
  expect(merged.observations).toEqual(theirs);
  expect(mergeStatus(merged, zeroStatus).observations).toEqual(theirs);
});
