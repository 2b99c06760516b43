/** How a nara is born, step by step. Only a play: everything is there from the start. */
import { type Accessor, createEffect, createSignal, onCleanup } from "solid-js";

/** `home` is the end, and where every later visit begins. */
export type BirthStep = "stirring" | "condensing" | "named" | "in-character" | "home";

const after: Readonly<Record<BirthStep, { readonly lastsMs: number; readonly next: BirthStep }>> = {
  stirring: { lastsMs: 1700, next: "condensing" },
  condensing: { lastsMs: 2300, next: "named" },
  named: { lastsMs: 1900, next: "in-character" },
  "in-character": { lastsMs: 2100, next: "home" },
  home: { lastsMs: 0, next: "home" },
};

export interface Ceremony {
  readonly step: Accessor<BirthStep>;
  skip(): void;
}

/** @param watched false where there is nothing to play: a later visit, or no animation wanted. */
export const createCeremony = (page: Window, watched: boolean): Ceremony => {
  const [step, setStep] = createSignal<BirthStep>(watched ? "stirring" : "home");
  createEffect(() => {
    const { lastsMs, next } = after[step()];
    if (next === step()) return;
    const timer = page.setTimeout(() => setStep(next), lastsMs);
    onCleanup(() => page.clearTimeout(timer));
  });
  return { step, skip: () => setStep("home") };
};
