/** Ways to carry a soul out of the browser: clipboard and file. */
import type { NaraClient } from "../nara-client.ts";
import type { Answering } from "./answer.tsx";
import { offerFile } from "./offer-file.ts";
import { soulFileName } from "./soul-file.ts";

export interface SoulKeeping {
  /** Undefined when refused; the answer says why. */
  fetch(): Promise<{ readonly soul: string; readonly name: string } | undefined>;
  copy(): Promise<void>;
  download(): Promise<void>;
}

export const createSoulKeeping = (client: NaraClient, answer: Answering): SoulKeeping => {
  const fetch: SoulKeeping["fetch"] = async () => {
    const result = await answer.ask(client.command({ type: "export-soul" }));
    return result.ok && result.type === "soul" ? result : undefined;
  };
  return {
    fetch,
    async copy() {
      const kept = await fetch();
      if (kept === undefined) return;
      try {
        await navigator.clipboard.writeText(kept.soul);
        answer.say("copied. put it somewhere safe, then copy something harmless over it.");
      } catch {
        answer.say("this browser keeps the clipboard shut; show the soul and copy it by hand.");
      }
    },
    async download() {
      const kept = await fetch();
      if (kept === undefined) return;
      offerFile(soulFileName(kept.name), new Blob([`${kept.soul}\n`], { type: "text/plain" }));
      answer.say(`${soulFileName(kept.name)} is among the downloads.`);
    },
  };
};
