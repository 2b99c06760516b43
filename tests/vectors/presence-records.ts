/** Records of the recordings, read as ours. */
import {
  decodeObservation,
  type Observation,
} from "../../src/nara/services/presence/observation.ts";

import { decodeStatus, type NaraStatus } from "../../src/nara/services/presence/status.ts";

/** An observation as the recordings write it. */
export type ObservationWire = Readonly<Record<string, number | string>>;

export function observed(wire: ObservationWire): Observation {
  const decoded = decodeObservation(JSON.stringify(wire));
  if (!decoded.ok) throw new Error(decoded.refusal);
  return decoded.value;
}

export function statusIn(wire: string): NaraStatus {
  const decoded = decodeStatus(wire);
  if (!decoded.ok) throw new Error(decoded.refusal);
  return decoded.value;
}
