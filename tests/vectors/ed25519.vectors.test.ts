/**
 * Every implementation of the Crypto port gives Go's verdict, and so would one over an engine that
 * has begun to refuse points of small order (docs/decisions/ed25519.md).
 */
import { Point } from "@noble/ed25519";
import { hexToBytes } from "@noble/hashes/utils.js";
import { expect } from "vitest";
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { createWebCrypto } from "../../src/adapters/crypto/web-crypto.ts";
import type { Crypto } from "../../src/nara/ports.ts";
import { coverSections, testCases } from "./support.ts";

interface Case {
  readonly name: string;
  readonly publicKeyHex: string;
  readonly messageHex: string;
  readonly signatureHex: string;
  /** What Go's crypto/ed25519.Verify says. */
  readonly go: boolean;
}

const { subtle } = globalThis.crypto;
const noble = createNobleCrypto();
const implementations: readonly Crypto[] = [
  noble,
  createWebCrypto(subtle, noble),
  createWebCrypto(refusingSmallOrder(), noble),
];

const checkAll = (cases: readonly Case[]) => testCases(cases, checkVerdict);

coverSections("ed25519.json", {
  speccheck: checkAll,
  zip215: checkAll,
  rfc8032: checkAll,
  wycheproof: checkAll,
  mixedOrder: checkAll,
  unreduced: checkAll,
  scalarBounds: checkAll,
});

async function checkVerdict(vector: Case): Promise<void> {
  const claim = {
    publicKey: hexToBytes(vector.publicKeyHex),
    message: hexToBytes(vector.messageHex),
    signature: hexToBytes(vector.signatureHex),
  };
  const verdicts = await Promise.all(implementations.map((each) => each.verify([claim])));
  expect(verdicts).toEqual(implementations.map(() => [vector.go]));
}

/** This engine after a change that has it refuse keys and R of small order. */
function refusingSmallOrder(): SubtleCrypto {
  const isSmall = (encoding: Uint8Array) => {
    try {
      return Point.fromBytes(encoding, true).isSmallOrder();
    } catch {
      return false;
    }
  };
  const importRaw: SubtleCrypto["importKey"] = subtle.importKey.bind(subtle);
  return {
    importKey: async (...args: Parameters<typeof importRaw>) => {
      if (isSmall(args[1] as Uint8Array)) {
        throw new DOMException("small order", "DataError");
      }
      return importRaw(...args);
    },
    verify: async (...args: Parameters<SubtleCrypto["verify"]>) =>
      !isSmall((args[2] as Uint8Array).subarray(0, 32)) && subtle.verify(...args),
  } as SubtleCrypto;
}
