/** Three traits a nara is born with (docs/protocol/identity.md §3). */
import { utf8 } from "../codec/utf8.ts";
import type { Personality } from "../view.ts";
import { createGoRand } from "./go-rand.ts";
import { hash64 } from "./hash64.ts";

/** Each trait 0–99, drawn from the soul's text in the order of the spec. */
export function personalityOf(soulText: string): Personality {
  const random = createGoRand(hash64(utf8(soulText)));
  const agreeableness = random.intn(100);
  const sociability = random.intn(100);
  const chill = random.intn(100);
  return { agreeableness, sociability, chill };
}
