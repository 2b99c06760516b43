/** Souls that are as a test needs them, and browsers that wake with one. */
import type { Page } from "@playwright/test";
import { createIdentity } from "../../src/nara/identity/identity.ts";
import { bindSoul } from "../../src/nara/identity/soul.ts";
import type { Personality } from "../../src/nara/view.ts";

export interface KeptSoul {
  readonly soul: string;
  readonly name: string;
}

/** The first two of a row of souls whose personality suits. */
export function soulsOf(
  suits: (personality: Personality) => boolean,
): readonly [KeptSoul, KeptSoul] {
  let first: KeptSoul | undefined;
  for (let at = 0; ; at++) {
    const name = `guest-${at}`;
    const seed = new Uint8Array(32).fill(7);
    seed[0] = at;
    const { personality, soulText } = createIdentity(bindSoul(seed, name), name);
    if (!suits(personality)) continue;
    if (first !== undefined) return [first, { soul: soulText, name }];
    first = { soul: soulText, name };
  }
}

/** Puts a soul where the page at `url` keeps its own. To be called before the page is opened. */
export async function wake(page: Page, url: string, kept: KeptSoul): Promise<void> {
  await page.goto(`${url}/healthz`);
  await page.evaluate(
    (soul) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open("nara");
        opening.onupgradeneeded = () => opening.result.createObjectStore("keep");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const storing = opening.result.transaction("keep", "readwrite");
          storing.objectStore("keep").put(soul, "soul");
          storing.onerror = () => reject(storing.error);
          storing.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    kept,
  );
}
