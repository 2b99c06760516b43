/** How a nara in a browser talks, as a person chose. */
import * as v from "valibot";
import type { TransportChoice } from "../nara/view.ts";

export const transportChoice = v.picklist([
  "auto",
  "mqtt",
  "gossip",
  "hybrid",
]) satisfies v.GenericSchema<unknown, TransportChoice>;
