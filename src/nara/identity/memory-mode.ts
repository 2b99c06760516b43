/** How much a nara remembers (docs/protocol/identity.md §7). */

export type MemoryMode = "short" | "medium" | "hog" | "custom";

export interface MemoryProfile {
  readonly mode: MemoryMode;
  /** Published as `memory_budget_mb`. */
  readonly budgetMb: number;
  /** Capacity of the ledger; 0 in `custom` until it is set. */
  readonly maxEvents: number;
  readonly backgroundSync: boolean;
}

const profiles: { readonly [Mode in MemoryMode]: MemoryProfile } = {
  short: { mode: "short", budgetMb: 256, maxEvents: 20_000, backgroundSync: false },
  medium: { mode: "medium", budgetMb: 512, maxEvents: 80_000, backgroundSync: true },
  hog: { mode: "hog", budgetMb: 2048, maxEvents: 320_000, backgroundSync: true },
  custom: { mode: "custom", budgetMb: 0, maxEvents: 0, backgroundSync: true },
};

/** @param mode `auto` only where the memory of the machine is not known: that is `medium`. */
export function memoryProfile(mode: MemoryMode | "auto"): MemoryProfile {
  return profiles[mode === "auto" ? "medium" : mode];
}

/** @param ramMib memory the nara may use, MiB. */
export function memoryModeForRam(ramMib: number): MemoryMode {
  if (ramMib <= 384) {
    return "short";
  }
  return ramMib <= 1024 ? "medium" : "hog";
}

/** Reads a mode as typed by a person. `auto` asks for `memoryModeForRam`; unknown text means `medium`. */
export function parseMemoryMode(text: string): MemoryMode | "auto" {
  const word = text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "").toLowerCase();
  switch (word) {
    case "short":
    case "hog":
    case "custom":
    case "auto":
      return word;
    default:
      return "medium";
  }
}
