/** How a nara in a browser behaves, as a person chose. */
import * as v from "valibot";
import type { Manners } from "../nara/manners.ts";

const minute = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1439));

export const mannersChoice = v.object({
  readOnly: v.boolean(),
  stealth: v.boolean(),
  quietHours: v.nullable(v.object({ fromMinute: minute, toMinute: minute })),
}) satisfies v.GenericSchema<unknown, Manners>;
