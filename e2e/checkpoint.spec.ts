import { createPublicKey, verify } from "node:crypto";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { comeHome, neighbours } from "./support/nara-page.ts";
import { type PlazaTap, tapPlaza } from "./support/plaza-tap.ts";
import { type Server, startServer } from "./support/server.ts";

/**
 * Naras listen for two minutes before they vote, and say so with a newspaper, which may take up to
 * five (docs/protocol/presence-and-life.md §1, §3).
 */
test.describe.configure({ timeout: 480_000 });
const votingMs = 420_000;

let server: Server;
let tap: PlazaTap;

test.beforeEach(async () => {
  server = await startServer("--residents", "7");
  tap = await tapPlaza(server.plazaUrl);
});
test.afterEach(async () => {
  await tap.close();
  await server.stop();
});

const dialog = (page: Page): Locator => page.getByRole("dialog", { name: /^checkpoints of/ });
const chain = (page: Page): Locator =>
  dialog(page).getByRole("list", { name: "checkpoints, latest first" });

test("seven residents and a page agree on a checkpoint about the page's nara", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const name = await comeHome(page, server.url);
  await expect(neighbours(page)).toHaveCount(7, { timeout: 60_000 });

  await page.getByRole("button", { name: /^checkpoints/ }).click();
  await expect(dialog(page).getByText("nobody has agreed on anything")).toBeVisible();
  const ask = dialog(page).getByRole("button", { name: "ask for a checkpoint" });
  await ask.click();
  await expect(dialog(page).getByText("listen for two minutes first")).toBeVisible();
  await expect(async () => {
    if (await ask.isEnabled()) await ask.click();
    await expect(chain(page)).toBeVisible({ timeout: 6000 });
  }).toPass({ timeout: votingMs, intervals: [4000] });

  await chain(page)
    .getByText(/naras signed, each signature verified$/)
    .click();
  const signers = chain(page).getByRole("list", { name: "signers" }).getByRole("listitem");
  const others = signers.filter({ hasText: "verified" });
  expect(await others.count()).toBeGreaterThanOrEqual(5);
  const names = await others.locator("bdi").allTextContents();
  expect(names).not.toContain(name);
  expect(new Set(names).size).toBe(await others.count());
  await expect(dialog(page).getByText(/naras agreed\.$/)).toBeVisible();
  await expect(dialog(page).getByRole("list", { name: "votes about you" })).toBeVisible();

  // What the page shows is what was said on the plaza, and every signature in it holds.
  const { checkpoint } = finalOn(tap, name);
  const keys = keysOn(tap);
  expect(new Set(checkpoint.voter_ids).size).toBe(checkpoint.voter_ids.length);
  for (const [at, id] of checkpoint.voter_ids.entries()) {
    const signature = Buffer.from(checkpoint.signatures[at] ?? "", "base64");
    expect(verify(null, attestationOf(checkpoint, id), keyOf(keys, id), signature), id).toBe(true);
  }
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);

  await page.keyboard.press("Escape");
  const [voter = ""] = names;
  await neighbours(page).filter({ hasText: voter }).getByRole("button").first().click();
  await page.getByRole("button", { name: "its checkpoints" }).click();
  await expect(dialog(page)).toContainText(`checkpoints of ${voter}`);
  await expect(dialog(page).getByText("nobody has agreed on anything")).toBeVisible();
});

interface Final {
  readonly subject: string;
  readonly subject_id: string;
  readonly previous_checkpoint_id?: string;
  readonly observation: { restarts?: number; total_uptime?: number; start_time?: number };
  readonly as_of_time: number;
  readonly voter_ids: readonly string[];
  readonly signatures: readonly string[];
}

function finalOn(plaza: PlazaTap, subject: string): { readonly checkpoint: Final } {
  const finals = plaza
    .heard()
    .filter(({ topic }) => topic === "nara/checkpoint/final")
    .map(({ payload }) => JSON.parse(payload))
    .filter(({ checkpoint }) => checkpoint.subject === subject);
  expect(finals).toHaveLength(1);
  return finals[0];
}

/** By id, out of newspapers, which are signed with them. */
function keysOn(plaza: PlazaTap): ReadonlyMap<string, string> {
  const statuses = plaza
    .heard()
    .filter(({ topic }) => topic.startsWith("nara/newspaper/"))
    .map(({ payload }) => JSON.parse(payload).Status);
  return new Map(statuses.map(({ ID, PublicKey }) => [ID, PublicKey]));
}

/** SubjectPublicKeyInfo of Ed25519 before the 32 bytes of the key (RFC 8410, §4). */
const spkiHead = Buffer.from("302a300506032b6570032100", "hex");

const keyOf = (keys: ReadonlyMap<string, string>, id: string) =>
  createPublicKey({
    key: Buffer.concat([spkiHead, Buffer.from(keys.get(id) ?? "", "base64")]),
    format: "der",
    type: "spki",
  });

/** What a voter signs (docs/protocol/mesh-runtime-checkpoints.md §5). */
const attestationOf = (final: Final, voterId: string): Buffer => {
  const { restarts = 0, total_uptime = 0, start_time = 0 } = final.observation;
  return Buffer.from(
    [
      "attestation:v2",
      ...[voterId, final.subject_id, final.as_of_time, restarts, total_uptime, start_time],
      final.previous_checkpoint_id ?? "",
    ].join(":"),
  );
};
