import { expect, test } from "vitest";
import { raw } from "../../codec/go-types.ts";
import { messageId, runtimeMessage } from "./runtime-message.ts";

const envelope = runtimeMessage({ 1: raw });
const zeroTime = "0001-01-01T00:00:00Z";
const wire = (time: string, fields: string): string => {
  const id = messageId("x", "a", time, "{}");
  return `{"id":"${id}","kind":"x","version":1,"from_id":"a",${fields},"payload":{}}`;
};
const heard = (text: string) => {
  const decoded = envelope.decode(text, { topic: "", atNs: 0n });
  return decoded.ok ? decoded.value.message : decoded.refusal;
};

test("a signature that is no base64 refuses the message, whoever would check it", () => {
  expect(heard(wire(zeroTime, '"signature":"AQID"'))).toMatchObject({ signature: "AQID" });
  expect(heard(wire(zeroTime, '"signature":"A\\nQID"'))).toMatchObject({ signature: "AQID" });
  expect(heard(wire(zeroTime, '"signature":null'))).toMatchObject({ signature: "" });
  expect(heard(wire(zeroTime, '"signature":"?"'))).toBe("mistyped");
});

test("a time is RFC 3339 without escapes; only one that is missing or null is the zero time", () => {
  const time = "2026-01-02T03:04:05.5Z";
  expect(heard(wire(time, `"timestamp":"${time}"`))).toMatchObject({ fromId: "a" });
  expect(heard(wire(zeroTime, '"timestamp":null'))).toMatchObject({ fromId: "a" });
  expect(heard(wire(time, `"timestamp":"${time.replace("T", "\\u0054")}"`))).toBe("malformed");
  expect(heard(wire(zeroTime, '"timestamp":""'))).toBe("malformed");
  expect(heard(wire(zeroTime, '"timestamp":5'))).toBe("malformed");
});
