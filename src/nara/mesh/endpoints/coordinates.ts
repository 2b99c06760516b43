/** `/coordinates`: where I am on the map of round trips. (mesh-runtime-checkpoints §1) */
import { float64, pointer, struct, text } from "../../codec/go-types.ts";
import { jsonAnswer } from "../answers.ts";
import type { Endpoint, MeshParts } from "../endpoint.ts";

export const coordinatesAnswer = struct({
  /** Vivaldi, ms (docs/protocol/presence-and-life.md §6). */
  coordinates: pointer(struct({ x: float64, y: float64, height: float64, error: float64 })),
  name: text,
});

export const coordinatesEndpoint = ({
  me,
  coordinates,
}: Pick<MeshParts, "me" | "coordinates">): Endpoint => ({
  path: "/coordinates",
  isAuthenticated: false,
  onlyReads: true,
  maxBodyBytes: 0,
  answer: () => jsonAnswer(coordinatesAnswer, { coordinates: coordinates(), name: me.name }),
});
