/** What a page may know of the way from nara to nara. */
import type { Mesh } from "./mesh/mesh.ts";
import type { Transport } from "./mesh/transport-mode.ts";
import type { MeshAbility, MeshView } from "./view.ts";

export interface MeshViewParts
  extends Pick<MeshView, "letsLookIn" | "zines" | "remembering" | "remembered"> {
  readonly mesh: Pick<Mesh, "address" | "trouble" | "peers">;
  readonly transport: Pick<Transport, "chosen" | "mode">;
}

export function meshView({ mesh, transport, ...services }: MeshViewParts): MeshView {
  const mode = transport.mode();
  const address = mesh.address();
  const missing: MeshAbility[] = [];
  if (address === "") missing.push("calls");
  if (address === "" || mode === "mqtt") missing.push("zines");
  if (address === "") missing.push("memories", "messages");
  if (mode === "gossip") missing.push("plaza");
  return {
    address,
    trouble: mesh.trouble(),
    chosen: transport.chosen(),
    mode,
    missing,
    peers: mesh.peers.provenCount(),
    ...services,
  };
}
