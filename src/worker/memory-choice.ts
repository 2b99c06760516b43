/** How much a nara in a browser remembers: as a person chose, or as the device allows. */
import * as v from "valibot";
import {
  type MemoryProfile,
  memoryModeForRam,
  memoryProfile,
} from "../nara/identity/memory-mode.ts";
import { fewestEvents, type MemoryChoice, mostEvents } from "./protocol.ts";

export const autoMemory: MemoryChoice = { mode: "auto", maxEvents: 20_000 };

export const memoryChoice = v.object({
  mode: v.picklist(["auto", "short", "medium", "hog", "custom"]),
  maxEvents: v.pipe(
    v.number(),
    v.safeInteger(),
    v.minValue(fewestEvents, `a nara remembers at least ${fewestEvents} events`),
    v.maxValue(mostEvents, `a nara remembers at most ${mostEvents} events`),
  ),
}) satisfies v.GenericSchema<unknown, MemoryChoice>;

/** A page is a guest: of its host's memory it takes this part at most. */
const guestsPart = 1 / 16;

/**
 * @param deviceGib `navigator.deviceMemory`; undefined where a browser does not tell, which are
 *   those of phones among others: `short` suits them all.
 */
export function chosenMemory(
  { mode, maxEvents }: MemoryChoice,
  deviceGib: number | undefined,
): MemoryProfile {
  if (mode === "custom") return { ...memoryProfile("custom"), maxEvents };
  if (mode !== "auto") return memoryProfile(mode);
  if (deviceGib === undefined) return memoryProfile("short");
  return memoryProfile(memoryModeForRam(deviceGib * 1024 * guestsPart));
}
