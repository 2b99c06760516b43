/** Picks the fastest Ed25519 that gives Go's verdicts here. */
import { hexToBytes } from "@noble/hashes/utils.js";
import type { Clock, Crypto, SignatureClaim } from "../../nara/ports.ts";
import { createSystemClock } from "../clock.ts";
import { createNobleCrypto } from "./noble-crypto.ts";
import { createWebCrypto, importPublicKey, verifyWith } from "./web-crypto.ts";

export type ChosenCrypto = Crypto & { readonly kind: "web-crypto" | "noble" };

/**
 * @param subtle `crypto.subtle`; undefined in an insecure context.
 * @param clock of the host: verifying shares its slices with all other long work.
 * @returns never rejects.
 */
export async function chooseCrypto(
  subtle: SubtleCrypto | undefined,
  clock: Pick<Clock, "breathe"> = createSystemClock(),
): Promise<ChosenCrypto> {
  const noble = createNobleCrypto(clock);
  if (subtle !== undefined && (await agreesWithGo(subtle))) {
    return { ...createWebCrypto(subtle, noble, clock), kind: "web-crypto" };
  }
  return { ...noble, kind: "noble" };
}

interface Probe {
  readonly publicKeyHex: string;
  readonly messageHex: string;
  readonly signatureHex: string;
  readonly go: boolean;
}

/**
 * Claims of the kind an engine is asked about, with Go's verdicts: RFC 8032 §7.1 test 2 as it is
 * and with another message, and speccheck cases 3 to 5, which tell the cofactorless equation from
 * the cofactored one (docs/decisions/ed25519.md).
 */
const probes: readonly Probe[] = [
  {
    publicKeyHex: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    messageHex: "72",
    signatureHex:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    go: true,
  },
  {
    publicKeyHex: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    messageHex: "73",
    signatureHex:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    go: false,
  },
  {
    publicKeyHex: "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
    messageHex: "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
    signatureHex:
      "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f" +
      "87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
    go: true,
  },
  {
    publicKeyHex: "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
    messageHex: "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
    signatureHex:
      "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512" +
      "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
    go: false,
  },
  {
    publicKeyHex: "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
    messageHex: "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
    signatureHex:
      "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7" +
      "e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
    go: false,
  },
];

async function agreesWithGo(subtle: SubtleCrypto): Promise<boolean> {
  try {
    const verdicts = await Promise.all(probes.map((probe) => verdictOn(subtle, probe)));
    return verdicts.every((verdict, at) => verdict === probes[at]?.go);
  } catch {
    return false;
  }
}

async function verdictOn(subtle: SubtleCrypto, probe: Probe): Promise<boolean> {
  const claim: SignatureClaim = {
    publicKey: hexToBytes(probe.publicKeyHex),
    message: hexToBytes(probe.messageHex),
    signature: hexToBytes(probe.signatureHex),
  };
  return verifyWith(subtle, await importPublicKey(subtle, claim.publicKey), claim);
}
