/** A nara's side of the mesh as its services see it: whom it can ask, where they are, where it is. */
import type { Cancel } from "../ports.ts";
import { createMeshClient, type MeshClient, type MeshClientParts } from "./client.ts";
import type { MeshHints, MeshTransport } from "./http.ts";
import { createPeerRegistry, type PeerRegistry } from "./peers.ts";
import { createResolution, type Resolution } from "./resolution.ts";

export interface Mesh {
  readonly client: MeshClient;
  /** Where others are. Whoever hears of an address notes it here. */
  readonly peers: PeerRegistry;
  readonly resolution: Resolution;
  /** Whom whoever carries my questions knows to be there; nobody where it knows none. */
  readonly hints: MeshHints;
  /** Where others reach me (`MeshIP`); "" for nowhere. */
  address(): string;
  /** Why nobody can call me just now, for a person; "" while they can. */
  trouble(): string;
  /** Calls `listener` when either has changed. */
  onChange(listener: () => void): Cancel;
}

export interface MeshOfParts extends Omit<MeshClientParts, "send" | "peers"> {
  readonly transport: MeshTransport;
}

export function createMesh(parts: MeshOfParts): Mesh {
  const { transport, me, clock } = parts;
  const peers = createPeerRegistry();
  const client = createMeshClient({
    ...parts,
    send: transport.send,
    peers: {
      addressesOf: peers.addressesOf,
      prove: peers.prove,
      doubt: peers.doubt,
      // While I am cut off myself, nobody's silence says anything.
      miss: (name, meshIp) => {
        if (transport.address() !== "") peers.miss(name, meshIp);
      },
    },
  });
  return {
    client,
    peers,
    resolution: createResolution({ me: me.name, client, clock }),
    hints: transport.hints ?? (async () => []),
    address: transport.address,
    trouble: transport.trouble,
    onChange: transport.onChange,
  };
}
