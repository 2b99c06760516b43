import { expect, test } from "vitest";
import { encodeBase64 } from "../../codec/base64.ts";
import {
  createNewspaperMemory,
  decodeNewspaper,
  encodeNewspaper,
  newspaperStatusText,
  newspaperTopic,
} from "./newspaper.ts";
import { zeroStatus } from "./status.ts";

const statusText = newspaperStatusText({ ...zeroStatus, flair: "🍀", observations: new Map() });
const wire = encodeNewspaper({ from: "alice", statusText, signature: "S" });

test("a newspaper survives the wire, without observations", () => {
  const decoded = decodeNewspaper(newspaperTopic("alice"), wire);
  expect(decoded).toEqual({
    ok: true,
    value: { from: "alice", status: { ...zeroStatus, flair: "🍀" }, statusText, signature: "S" },
  });
});

test("what is signed is the text of the Status, spaces and unknown fields included", () => {
  const text = '{ "New":1, "Flair":"<" }';
  const spaced = `{"Signature":"S","Extra":[],"Status":  ${text} }`;
  const decoded = decodeNewspaper("nara/newspaper/alice", spaced);
  expect(decoded.ok && decoded.value.statusText).toBe(text);
});

test("of several Status keys the last one counts", () => {
  const twice = '{"Status":{"Flair":"a"},"Status":{"Flair":"b"}}';
  const decoded = decodeNewspaper("nara/newspaper/alice", twice);
  expect(decoded.ok && decoded.value.status.flair).toBe("b");
});

test("only a topic that names a nara is a newspaper's", () => {
  for (const topic of ["nara/newspaper/", "nara/newspaper/a/b", "nara/newspaper/a:b"]) {
    expect(decodeNewspaper(topic, wire)).toEqual({ ok: false, refusal: "bad_name" });
  }
  expect(decodeNewspaper("nara/plaza/howdy", wire)).toEqual({ ok: false, refusal: "wrong_topic" });
});

test("a newspaper without a Status is none", () => {
  for (const empty of ['{"From":"x","Status":null}', '{"From":"x"}']) {
    expect(decodeNewspaper("nara/newspaper/x", empty)).toEqual({ ok: false, refusal: "invalid" });
  }
  expect(decodeNewspaper("nara/newspaper/x", '{"Status":[]}').ok).toBe(false);
});

test("the same edition is news once", () => {
  const memory = createNewspaperMemory();
  const signature = encodeBase64(new Uint8Array(64).fill(7));
  expect(memory.isNews("alice", signature)).toBe(true);
  expect(memory.isNews("alice", `${signature.slice(0, 5)}\n${signature.slice(5)}`)).toBe(false);
  expect(memory.isNews("bob", signature)).toBe(true);
});

test("memory of editions and of authors is bounded", () => {
  const memory = createNewspaperMemory();
  const edition = (number: number): string => {
    const bytes = new Uint8Array(64);
    new DataView(bytes.buffer).setUint32(0, number);
    return encodeBase64(bytes);
  };
  for (let number = 0; number <= 64; number++) memory.isNews("alice", edition(number));
  expect(memory.isNews("alice", edition(1))).toBe(false);
  expect(memory.isNews("alice", edition(0))).toBe(true);
  for (let number = 0; number < 2_000; number++) memory.isNews(`n${number}`, edition(number));
  expect(memory.isNews("alice", edition(64))).toBe(true);
});
