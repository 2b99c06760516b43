import fc from "fast-check";
import { expect, test } from "vitest";
import {
  cancelReasons,
  decodeFrame,
  encodeFrame,
  type Frame,
  fromFieldText,
  maxBodyChunkBytes,
  maxFrameBytes,
  maxHeadBytes,
  toFieldText,
} from "./frames.ts";

const stream = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const lowToken = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const value = fc.string({
  unit: fc
    .integer({ min: 0x21, max: 0xff })
    .map((code) => (code === 0x7f ? "~" : String.fromCharCode(code))),
  maxLength: 60,
});
const fields = fc.uniqueArray(fc.tuple(lowToken, value), {
  maxLength: 20,
  selector: ([name]) => name,
});
const frames: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    type: fc.constant("request" as const),
    stream,
    head: fc.record({
      method: fc.constantFrom("GET", "POST", "HEAD", "PATCH"),
      authority: fc.constantFrom("", "127.0.0.1:7500", "[::1]:7433", "alice.relay.example:7433"),
      target: value.map((text) => `/${text}`),
      fields,
    }),
  }),
  fc.record({
    type: fc.constant("response" as const),
    stream,
    head: fc.record({ status: fc.integer({ min: 200, max: 599 }), fields }),
  }),
  fc.record({
    type: fc.constant("body" as const),
    stream,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  }),
  fc.record({ type: fc.constant("end" as const), stream }),
  fc.record({
    type: fc.constant("cancel" as const),
    stream,
    reason: fc.constantFrom(...cancelReasons),
  }),
  fc.record({
    type: fc.constant("window" as const),
    stream: fc.oneof(stream, fc.constant(0)),
    bytes: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  }),
  fc.record({
    type: fc.constantFrom("ping" as const, "pong" as const),
    stream: fc.constant(0 as const),
    token: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  }),
  fc.record({
    type: fc.constant("goodbye" as const),
    stream: fc.constant(0 as const),
    reason: fc.string({ maxLength: 100 }),
  }),
);

test("what one end encodes the other decodes", () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const bytes = encodeFrame(frame);
      expect(bytes).toBeDefined();
      expect(decodeFrame(bytes!)).toEqual({ ok: true, value: frame });
    }),
  );
});

test("a frame that is cut anywhere is refused or another valid frame, never an error", () => {
  fc.assert(
    fc.property(frames, fc.nat(), (frame, cut) => {
      const bytes = encodeFrame(frame)!;
      const short = bytes.subarray(0, cut % bytes.length);
      const decoded = decodeFrame(short);
      if (!decoded.ok) return;
      expect(["body", "goodbye"]).toContain(decoded.value.type);
      expect(encodeFrame(decoded.value)).toEqual(short.slice());
    }),
  );
});

test("random bytes and frames with changed bytes never throw, and what decodes encodes again", () => {
  const decoding = (bytes: Uint8Array): void => {
    const decoded = decodeFrame(bytes);
    if (decoded.ok && decoded.value.type !== "goodbye") {
      expect(encodeFrame(decoded.value)).toEqual(bytes.slice());
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decoding), { numRuns: 2_000 });
  fc.assert(
    fc.property(
      frames,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      (frame, changes) => {
        const bytes = encodeFrame(frame)!;
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        decoding(bytes);
      },
    ),
    { numRuns: 2_000 },
  );
});

const requestWith = (parts: object): Frame => ({
  type: "request",
  stream: 1,
  head: { method: "GET", authority: "", target: "/ping", fields: [], ...parts },
});

test("heads that would mean something else in HTTP cannot travel", () => {
  const refused: readonly Frame[] = [
    requestWith({ method: "GET /x HTTP/1.1\r\n" }),
    requestWith({ method: "" }),
    requestWith({ target: "ping" }),
    requestWith({ target: "/a b" }),
    requestWith({ target: "/a\r\nx-nara-name: bob" }),
    requestWith({ target: "http://elsewhere/" }),
    requestWith({ authority: "a@b" }),
    requestWith({ authority: "a/b" }),
    requestWith({ fields: [["x-nara-name", "alice\r\nx-nara-name: bob"]] }),
    requestWith({ fields: [["x-nara-name", "alice\0"]] }),
    requestWith({ fields: [["x-nara-name", " alice"]] }),
    requestWith({ fields: [["X-Nara-Name", "alice"]] }),
    requestWith({ fields: [["x nara", "alice"]] }),
    requestWith({
      fields: [
        ["a", "1"],
        ["a", "2"],
      ],
    }),
    requestWith({ fields: Array.from({ length: 65 }, (_, at) => [`a${at}`, ""]) }),
    requestWith({ target: `/${"a".repeat(maxHeadBytes)}` }),
    requestWith({ fields: [["a", "ж"]] }),
    { type: "response", stream: 1, head: { status: 101, fields: [] } },
    { type: "response", stream: 1, head: { status: 600, fields: [] } },
    { type: "response", stream: 1, head: { status: 200.5, fields: [] } },
  ];
  for (const frame of refused) expect(encodeFrame(frame), JSON.stringify(frame)).toBe(undefined);
});

test("the same heads are refused when somebody else has encoded them", () => {
  const bytes = encodeFrame(requestWith({ target: "/ping?x", fields: [["a", "bcd"]] }))!;
  const at = bytes.indexOf("b".charCodeAt(0));
  for (const evil of [0x0d, 0x0a, 0x00, 0x20, 0x7f]) {
    const forged = bytes.slice();
    forged[at] = evil;
    expect(decodeFrame(forged)).toEqual({ ok: false, refusal: "not a header value" });
  }
});

test("lengths that lie are refused without more memory than the frame", () => {
  const bytes = encodeFrame(requestWith({ fields: [["a", "b"]] }))!;
  const lengthsAt = [5, 9, 10, 11, 17, 18, 20, 21];
  for (const at of lengthsAt) {
    const lie = bytes.slice();
    lie[at] = (lie[at] ?? 0) + 1;
    expect(decodeFrame(lie).ok, `length at ${at}`).toBe(false);
  }
});

test("sizes end where they are said to end", () => {
  const body = (length: number): Frame => ({
    type: "body",
    stream: 1,
    bytes: new Uint8Array(length),
  });
  expect(encodeFrame(body(maxBodyChunkBytes))?.length).toBe(maxFrameBytes);
  expect(encodeFrame(body(maxBodyChunkBytes + 1))).toBe(undefined);
  expect(encodeFrame(body(0))).toBe(undefined);
  const oversized = new Uint8Array(maxFrameBytes + 1);
  oversized.set([3, 0, 0, 0, 1]);
  expect(decodeFrame(oversized)).toEqual({ ok: false, refusal: "a frame that is too large" });
});

test("a frame of the tunnel names no stream, one of an exchange does", () => {
  expect(decodeFrame(Uint8Array.of(7, 0, 0, 0, 1, 0, 0, 0, 0)).ok).toBe(false);
  expect(decodeFrame(Uint8Array.of(4, 0, 0, 0, 0)).ok).toBe(false);
  expect(decodeFrame(Uint8Array.of(6, 0, 0, 0, 0, 0, 0, 0, 1)).ok).toBe(true);
  expect(decodeFrame(Uint8Array.of(6, 0, 0, 0, 0, 0, 0, 0, 0)).ok).toBe(false);
  expect(decodeFrame(Uint8Array.of(6, 0, 0, 0, 0, 0x80, 0, 0, 0)).ok).toBe(false);
});

test("a name in any script passes as its UTF-8 bytes", () => {
  expect(toFieldText("ж🌟")).toBe("\xd0\xb6\xf0\x9f\x8c\x9f");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(fromFieldText(toFieldText(text))).toBe(text);
    }),
  );
});
