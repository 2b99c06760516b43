import { createSystemClock } from "../../adapters/clock.ts";
import { meshAcceptance } from "../../adapters/mesh/mesh-acceptance.ts";
import { createInMemoryMesh } from "./in-memory-mesh.ts";

meshAcceptance("a mesh in memory", async () => {
  const mesh = createInMemoryMesh({ clock: createSystemClock() });
  return {
    alice: mesh.join("100.64.0.1"),
    bob: mesh.join("100.64.0.2:9000"),
    desertedUrl: "http://100.64.0.3:7433",
    stop: async () => {},
  };
});
