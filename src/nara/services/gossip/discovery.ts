/**
 * How a nara that gossips alone finds others: nobody tells it on the plaza who is there, so it asks
 * its way out whom it knows (`MeshTransport.hints`), and tries those of whom others' memories tell.
 * Whoever answers with the key that was told gets a zine, and is met by the one it gives for it.
 * (docs/protocol/mesh-runtime-checkpoints.md §1, Discovery; docs/differences.md, "by gossip alone")
 */
import { isNameWeAccept } from "../../identity/names.ts";
import type { AskRefusal } from "../../mesh/ask.ts";
import type { MeshHint } from "../../mesh/http.ts";
import { answersAs, theCarrier } from "../../mesh/introductions.ts";
import type { Outcome } from "../../outcome.ts";
import type { Cancel } from "../../ports.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import type { TransportMode } from "../../view.ts";
import { canCall, type Neighbours } from "../reachable.ts";
import { shuffled } from "../shuffled.ts";

export interface DiscoveryParts {
  readonly nara: ServiceContext;
  readonly neighbours: Neighbours;
  mode(): TransportMode;
  onModeChange(listener: () => void): Cancel;
  /** Gives a zine for a zine; who gave one is met. */
  giveZine(name: string): Promise<Outcome<void, AskRefusal>>;
}

export interface Discovery {
  start(): void;
  stop(): void;
}

/** The first look: my hey_there, which the zine carries, has been said by then (presence-and-life §3). */
const firstLookMs = 6_000;
/** The next, and the pause after that (mesh-runtime-checkpoints §1, Discovery). */
const secondLookMs = 35_000;
const betweenLooksMs = 300_000;
/** Strangers tried at a look: as many as a relay leads out at a time (docs/server.md, Bounds). */
const mostTried = 16;
/** Who does not know me yet asks its neighbours and its relay meanwhile (introductions.ts). */
const askAgainMs = 10_000;
const unknownToThem = 401;

export function createDiscovery(parts: DiscoveryParts): Discovery {
  const { nara, neighbours } = parts;
  const { mesh, keyring, me } = nara;
  /** The last look was not mine to take, or found no way out. */
  let isDue = false;

  const isHere = (name: string): boolean => {
    const known = neighbours.neighbour(name);
    return known?.isMet === true && known.observation.online === "ONLINE" && canCall(nara, name);
  };

  const greet = async (stranger: MeshHint): Promise<void> => {
    const { name, meshIp } = stranger;
    const key = keyring.keyOf(name);
    if (key === undefined) {
      if (!(await answersAs(stranger, theCarrier, { ...mesh, keyring }))) return;
    } else if (key === stranger.publicKey) mesh.peers.hint(name, meshIp);
    else return;
    const given = await parts.giveZine(name);
    if (given.ok || given.refusal.status !== unknownToThem) return;
    nara.after(askAgainMs, () => void parts.giveZine(name));
  };

  const look = async (): Promise<void> => {
    isDue = parts.mode() !== "gossip" || mesh.address() === "";
    if (isDue) return;
    const told = [...(await mesh.hints()), ...shuffled(remembered(nara), nara.random)];
    const strangers = new Map<string, MeshHint>();
    for (const hint of told) {
      const { name } = hint;
      if (strangers.size >= mostTried) break;
      if (name === me.name || !isNameWeAccept(name) || isHere(name)) continue;
      if (!strangers.has(name)) strangers.set(name, hint);
    }
    await Promise.all([...strangers.values()].map(greet));
  };

  const lookIfDue = (): void => {
    if (isDue) void look();
  };
  const stopListening = [mesh.onChange(lookIfDue), parts.onModeChange(lookIfDue)];

  return {
    start() {
      nara.after(firstLookMs, () => void look());
      nara.after(secondLookMs, () => {
        void look();
        nara.every(
          () => betweenLooksMs,
          () => void look(),
        );
      });
    },
    stop() {
      for (const stop of stopListening) stop();
    },
  };
}

/** Where naras said that they live, in hey_theres that others told me of. */
function remembered({ ledger }: Pick<ServiceContext, "ledger">): readonly MeshHint[] {
  const latest = new Map<string, MeshHint & { readonly tsNs: bigint }>();
  for (const { tsNs, payload } of ledger.byService("hey-there")) {
    const { From: name, PublicKey: publicKey, MeshIP: meshIp } = payload;
    if (tsNs >= (latest.get(name)?.tsNs ?? 0n)) latest.set(name, { name, publicKey, meshIp, tsNs });
  }
  return [...latest.values()].filter(({ meshIp }) => meshIp !== "");
}
