import { expect, test } from "@playwright/test";
import { createNobleCrypto } from "../src/adapters/crypto/noble-crypto.ts";
import { ownVectorsFolder, readVectors } from "../tests/vectors/folder.ts";
import { type Modules, serveModules } from "./support/modules.ts";

interface Case {
  readonly name: string;
  readonly publicKeyHex: string;
  readonly messageHex: string;
  readonly signatureHex: string;
  /** What Go's crypto/ed25519.Verify says. */
  readonly go: boolean;
}

const cases = Object.values(readVectors(ownVectorsFolder, "ed25519.json")).flat() as Case[];

let modules: Modules;

test.beforeEach(async ({ page }) => {
  modules = await serveModules();
  await modules.open(page);
});

test.afterEach(async () => {
  await modules.stop();
});

for (const kind of ["web-crypto", "noble"] as const) {
  test(`${kind} in this browser gives Go's verdict on every vector, and Go's signatures`, async ({
    page,
  }) => {
    const answer = await page.evaluate(
      async ([kind, cases]) => {
        const path = "/src/adapters/crypto/choose-crypto.ts";
        const { chooseCrypto } = (await import(
          path
        )) as typeof import("../src/adapters/crypto/choose-crypto.ts");
        const crypto = await chooseCrypto(kind === "noble" ? undefined : globalThis.crypto.subtle);
        const bytes = (hex: string): Uint8Array =>
          Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
        const verdicts = await crypto.verify(
          cases.map(({ publicKeyHex, messageHex, signatureHex }) => ({
            publicKey: bytes(publicKeyHex),
            message: bytes(messageHex),
            signature: bytes(signatureHex),
          })),
        );
        const signature = crypto.keyPair(new Uint8Array(32).fill(7)).sign(new Uint8Array(3));
        return { kind: crypto.kind, verdicts, signature: [...signature] };
      },
      [kind, cases] as const,
    );
    const signedHere = createNobleCrypto()
      .keyPair(new Uint8Array(32).fill(7))
      .sign(new Uint8Array(3));
    const wrong = cases.filter(({ go }, index) => answer.verdicts[index] !== go);
    expect(wrong.map(({ name }) => name)).toEqual([]);
    expect(answer.verdicts).toHaveLength(cases.length);
    expect(answer.kind).toBe(kind);
    expect(answer.signature).toEqual([...signedHere]);
  });
}
