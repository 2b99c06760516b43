/**
 * Where peers are. What a nara said of itself under its pinned key, or where it answered under it, is
 * proven; what others told is a hint, tried when nothing better is known.
 * (docs/protocol/mesh-runtime-checkpoints.md §1 "Client, discovery, resolution"; Weaknesses 4)
 */
import { maxFieldBytes } from "../limits.ts";

export interface PeerRegistry {
  /** It said so itself in signed words, or answered there. "" says that it is nowhere. */
  prove(name: string, meshIp: string): void;
  /** Somebody else told it. */
  hint(name: string, meshIp: string): void;
  /** Somebody else answered where this hint led. */
  doubt(name: string, meshIp: string): void;
  /** Nobody answered there. A hint is believed until that has happened three times. */
  miss(name: string, meshIp: string): void;
  /** The addresses to try, the proven one first. */
  addressesOf(name: string): readonly string[];
  isProven(name: string): boolean;
  /** How many have a proven address. */
  provenCount(): number;
  forget(name: string): void;
  readonly size: number;
}

/** As many as there are neighbours in mind (docs/differences.md, "neighbours in mind"). */
const mostPeers = 2000;

/** A relay that restarts is back by then; hints are rarely told again. */
const mostMisses = 3;

interface Peer {
  readonly proven: string;
  readonly hinted: string;
  /** How often in a row nobody answered at the hint. */
  readonly misses: number;
}

export function createPeerRegistry(most = mostPeers): PeerRegistry {
  const peers = new Map<string, Peer>();

  const keep = (name: string, peer: Peer): void => {
    peers.delete(name);
    if (peer.proven === "" && peer.hinted === "") return;
    peers.set(name, peer);
    if (peers.size > most) peers.delete(leastWorth(peers));
  };

  const of = (name: string): Peer => peers.get(name) ?? { proven: "", hinted: "", misses: 0 };

  return {
    prove(name, meshIp) {
      if (meshIp.length > maxFieldBytes) return;
      const { hinted, misses } = of(name);
      keep(name, { proven: meshIp, hinted: hinted === meshIp ? "" : hinted, misses });
    },
    hint(name, meshIp) {
      const { proven } = of(name);
      if (meshIp === "" || meshIp.length > maxFieldBytes || meshIp === proven) return;
      keep(name, { proven, hinted: meshIp, misses: 0 });
    },
    doubt(name, meshIp) {
      const peer = of(name);
      if (peer.hinted === meshIp) keep(name, { ...peer, hinted: "" });
    },
    miss(name, meshIp) {
      const peer = of(name);
      if (peer.hinted !== meshIp) return;
      const misses = peer.misses + 1;
      keep(name, misses < mostMisses ? { ...peer, misses } : { ...peer, hinted: "" });
    },
    addressesOf(name) {
      const { proven, hinted } = of(name);
      return [proven, hinted].filter((address) => address !== "");
    },
    provenCount() {
      let count = 0;
      for (const { proven } of peers.values()) if (proven !== "") count++;
      return count;
    },
    isProven: (name) => of(name).proven !== "",
    forget: (name) => void peers.delete(name),
    get size() {
      return peers.size;
    },
  };
}

/** The oldest of whom I know by hearsay alone, else the oldest. */
function leastWorth(peers: ReadonlyMap<string, Peer>): string {
  const [oldest = ""] = peers.keys();
  for (const [name, { proven }] of peers) if (proven === "") return name;
  return oldest;
}
