/** The mesh of a nara that has no address: nobody can be reached but over the plaza. */
import type { MeshTransport } from "../nara/mesh/http.ts";
import { refuse } from "../nara/outcome.ts";

const why = "this nara has no way to the mesh";

export const noMesh: MeshTransport = {
  send: async () => refuse({ type: "unreachable", why }),
  serve: () => () => {},
  address: () => "",
  trouble: () => why,
  onChange: () => () => {},
};
