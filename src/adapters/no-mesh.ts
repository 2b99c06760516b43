/** The mesh of a nara that has no address: nobody can be reached but over the plaza. */
import type { Mesh } from "../nara/ports.ts";

export const noMesh: Mesh = { send: async () => "this nara has no way to the mesh" };
