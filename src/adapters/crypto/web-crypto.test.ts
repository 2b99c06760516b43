import { expect, onTestFinished, test, vi } from "vitest";
import { acceptCrypto } from "./crypto-acceptance.ts";
import { createNobleCrypto } from "./noble-crypto.ts";
import { createWebCrypto } from "./web-crypto.ts";

const { subtle } = globalThis.crypto;

acceptCrypto("WebCrypto", () => createWebCrypto(subtle, createNobleCrypto()));

test("each public key is imported once, until there are too many", async () => {
  const imports: unknown[] = [];
  const counting = engine({
    importKey: async (...args: Parameters<typeof subtle.importKey>) => {
      imports.push(args[1]);
      return {};
    },
    verify: async () => true,
  });
  const crypto = createWebCrypto(counting, createNobleCrypto());
  const claims = Array.from({ length: 1025 }, (_, at) => claimUnder(at));

  await crypto.verify([claimUnder(0), claimUnder(1), claimUnder(0), claimUnder(1)]);
  expect(imports).toHaveLength(2);
  await crypto.verify(claims);
  expect(imports).toHaveLength(1025);
  await crypto.verify([claimUnder(1024), claimUnder(1)]);
  expect(imports).toHaveLength(1025);
  await crypto.verify([claimUnder(0)]);
  expect(imports).toHaveLength(1026);
});

test("an engine that fails to import or to verify leaves the verdict to arithmetic", async () => {
  const noble = createNobleCrypto();
  const keys = noble.keyPair(new Uint8Array(32));
  const message = new Uint8Array(8);
  const good = { publicKey: keys.publicKey, message, signature: keys.sign(message) };
  const bad = { ...good, message: new Uint8Array(9) };
  const failing = () => Promise.reject(new DOMException("out of order", "OperationError"));

  const cannotImport = createWebCrypto(engine({ importKey: failing }), noble);
  expect(await cannotImport.verify([good, bad])).toEqual([true, false]);
  const cannotVerify = createWebCrypto(engine({ verify: failing }), noble);
  expect(await cannotVerify.verify([good, bad])).toEqual([true, false]);
});

test("an engine that works at once, and not beside us, does not keep others from their turn", async () => {
  let nowMs = 0;
  const spy = vi.spyOn(performance, "now").mockImplementation(() => nowMs);
  onTestFinished(() => spy.mockRestore());
  const verify = async () => {
    nowMs += 0.05;
    return true;
  };
  const crypto = createWebCrypto(engine({ verify }), createNobleCrypto());
  const order: string[] = [];

  const batch = crypto.verify(new Array(1000).fill(claimUnder(1))).then(() => order.push("batch"));
  setImmediate(() => order.push(`page after ${Math.round(nowMs)} ms`));

  await batch;
  expect(order).toEqual(["page after 10 ms", "batch"]);
});

/** WebCrypto as it is here, but for some of its methods. */
function engine(changed: object): SubtleCrypto {
  const importKey: SubtleCrypto["importKey"] = subtle.importKey.bind(subtle);
  return { importKey, verify: subtle.verify.bind(subtle), ...changed } as SubtleCrypto;
}

/** Well formed, under the `number`th of many public keys. */
function claimUnder(number: number) {
  const publicKey = new Uint8Array(32).fill(7);
  new DataView(publicKey.buffer).setUint32(8, number);
  return { publicKey, message: new Uint8Array(), signature: new Uint8Array(64).fill(7, 0, 32) };
}
