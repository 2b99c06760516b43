import { Point, verify } from "@noble/ed25519";
import { expect, test } from "vitest";
import { chooseCrypto } from "./choose-crypto.ts";
import { acceptCrypto } from "./crypto-acceptance.ts";

const { subtle } = globalThis.crypto;

acceptCrypto("the chosen one", () => chooseCrypto(subtle));

test("WebCrypto is chosen where it gives Go's verdicts", async () => {
  expect((await chooseCrypto(subtle)).kind).toBe("web-crypto");
});

test("noble is chosen in an insecure context, where there is no WebCrypto", async () => {
  expect((await chooseCrypto(undefined)).kind).toBe("noble");
});

test("noble is chosen where WebCrypto knows no Ed25519", async () => {
  const unknown = async () => {
    throw new DOMException("Unrecognized name.", "NotSupportedError");
  };
  expect((await chooseCrypto(engine({ importKey: unknown }))).kind).toBe("noble");
});

test("noble is chosen where importing throws before it returns a promise", async () => {
  const broken = () => {
    throw new TypeError("Ed25519");
  };
  expect((await chooseCrypto(engine({ importKey: broken }))).kind).toBe("noble");
});

test("noble is chosen where WebCrypto believes everything", async () => {
  expect((await chooseCrypto(engine({ verify: async () => true }))).kind).toBe("noble");
});

test("noble is chosen where WebCrypto multiplies by the cofactor", async () => {
  const cofactored = engine({
    importKey: async (_format: string, publicKey: Uint8Array) => publicKey,
    verify: async (_name: string, key: Uint8Array, signature: Uint8Array, message: Uint8Array) =>
      verify(signature, message, key, { zip215: true }),
  });
  expect((await chooseCrypto(cofactored)).kind).toBe("noble");
});

test("noble is chosen where WebCrypto wants keys free of torsion", async () => {
  const strict = engine({
    importKey: async (...args: Parameters<typeof importRaw>) => {
      if (!Point.fromBytes(args[1] as Uint8Array).isTorsionFree()) {
        throw new DOMException("not in the prime-order group", "DataError");
      }
      return importRaw(...args);
    },
  });
  expect((await chooseCrypto(strict)).kind).toBe("noble");
});

const importRaw: SubtleCrypto["importKey"] = subtle.importKey.bind(subtle);

/** WebCrypto as it is here, but for some of its methods. */
function engine(changed: object): SubtleCrypto {
  return { importKey: importRaw, verify: subtle.verify.bind(subtle), ...changed } as SubtleCrypto;
}
