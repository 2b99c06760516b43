/** Whom a nara can call: neighbours whose key it knows, and some address. */
import type { ServiceContext } from "../runtime/service.ts";
import type { Neighbour } from "./presence/neighbourhood.ts";

/** What the services of the mesh ask of presence. */
export interface Neighbours {
  neighbours(): readonly Neighbour[];
  neighbour(name: string): Neighbour | undefined;
}

type Way = Pick<ServiceContext, "keyring" | "mesh">;

export const canCall = ({ keyring, mesh }: Way, name: string): boolean =>
  keyring.keyOf(name) !== undefined && mesh.peers.addressesOf(name).length > 0;

/** Those who are here and can be called, in order of first acquaintance. */
export const reachable = (way: Way, { neighbours }: Pick<Neighbours, "neighbours">) =>
  neighbours().filter(
    ({ name, isMet, observation }) =>
      isMet && observation.online === "ONLINE" && canCall(way, name),
  );
