/**
 * A nara: an identity, its services and a runtime on the ports of a host.
 *
 * @example
 * const nara = createNara({ identity: createIdentity(soul, "alice"), ports });
 * nara.watch((delta) => show(delta));
 * nara.start();
 */
import type { Rememberer } from "./backup/bring-back.ts";
import { encodeBase64 } from "./codec/base64.ts";
import type { Identity } from "./identity/identity.ts";
import { type MemoryProfile, memoryProfile } from "./identity/memory-mode.ts";
import { trimInSteps } from "./ledger/trim-in-steps.ts";
import type { MeshNeighbour } from "./mesh/endpoint.ts";
import { createMeshRouter } from "./mesh/router.ts";
import { createTransport } from "./mesh/transport-mode.ts";
import { meshView } from "./mesh-view.ts";
import type { Cancel, Ports } from "./ports.ts";
import { createRecall, type Recall } from "./recall.ts";
import { createRuntime, type Runtime } from "./runtime/runtime.ts";
import { createCoordinates } from "./services/coordinates/coordinates.ts";
import { createPostcards, type Postcards } from "./services/postcards/postcards.ts";
import type { Neighbour } from "./services/presence/neighbourhood.ts";
import { createPresence } from "./services/presence/presence.ts";
import type { NaraView, NaraViewDelta, TransportChoice } from "./view.ts";
import { createViewFeed } from "./view-feed.ts";

export interface NaraParts {
  readonly identity: Identity;
  readonly ports: Ports;
  /** How much it remembers at first; `short` suits a page among many. */
  readonly memory?: MemoryProfile;
  /** How it talks at first; `auto` unless said. */
  readonly transport?: TransportChoice;
}

export interface Nara extends Rememberer {
  readonly name: string;
  readonly runtime: Runtime;
  /** Pages of what it remembers, and why it believes what it believes. */
  readonly recall: Recall;
  /** Remembers more or less from now on; what no longer fits is forgotten, much of it in steps. */
  setMemory(memory: MemoryProfile): void;
  /** Talks another way from now on: leaves the plaza or comes back to it, begins or ends its zines. */
  setTransport(choice: TransportChoice): void;
  /** Connects and lives, until it is stopped. A lost plaza is tried again for ever. */
  start(): void;
  /** Writes a postcard, for the owner alone (services/postcards/postcards.ts). */
  readonly sendPostcard: Postcards["send"];
  /** Says chau before it returns, then leaves the plaza. */
  stop(): Promise<void>;
  view(): NaraView;
  /** Calls `listener` with each change as it happens. Take `view()` at the same moment. */
  watch(listener: (delta: NaraViewDelta) => void): Cancel;
}

export function createNara(parts: NaraParts): Nara {
  const { identity, ports } = parts;
  let memory = parts.memory ?? memoryProfile("short");
  const keyPair = ports.crypto.keyPair(identity.soul.seed);
  const feed = createViewFeed(() => ({
    identity,
    clock: ports.clock,
    runtime,
    presence,
    memory: () => recall.memory(memory.mode),
    mesh: () =>
      meshView({
        mesh: runtime.mesh,
        transport,
        zines: { given: 0, taken: 0, lastGivenAtMs: 0, lastTakenAtMs: 0 },
        remembering: null,
        remembered: null,
      }),
    postcards: () => postcards.view(),
  }));
  const transport = createTransport({
    chosen: parts.transport ?? "auto",
    address: ports.mesh.address,
    onAddressChange: ports.mesh.onChange,
  });
  const presence = createPresence({
    identity,
    memory: () => memory,
    transportMode: transport.mode,
    place: () => coordinates.place(),
    listener: {
      onMe: feed.meChanged,
      onNeighbour: feed.neighbourChanged,
      onGone: feed.neighbourGone,
      onNote: feed.noted,
    },
  });
  const coordinates = createCoordinates({
    neighbours: presence.neighbours,
    noteRoundTrip: presence.noteRoundTrip,
  });
  const postcards = createPostcards({
    me: identity.name,
    keyPair,
    verify: ports.crypto.verify,
    neighbours: presence.neighbours,
    place: coordinates.place,
    excite: (by) => presence.own.excite(by),
    onChange: feed.postcardsChanged,
  });
  const runtime = createRuntime({
    ports,
    keyPair,
    judge: identity,
    me: { name: identity.name, id: identity.id, publicKey: encodeBase64(keyPair.publicKey) },
    capacity: memory.maxEvents,
    // The last one says chau before `stop` returns.
    services: [coordinates.service, postcards.service, presence.service],
    onPlaza: feed.plazaChanged,
    onDrop: feed.dropped,
    onConflict: feed.keyRefused,
  });
  const { ledger, projections } = runtime;
  const recall = createRecall({ clock: ports.clock, ledger, projections });
  ledger.onAdd(({ event }) => feed.remembered(event));
  ledger.onForget(feed.memoryChanged);
  const { mesh, intake } = runtime;
  const meshNeighbour = ({ name, observation }: Neighbour): MeshNeighbour => ({
    name,
    meshIp: mesh.peers.addressesOf(name)[0] ?? "",
    isOnline: observation.online === "ONLINE",
  });
  const answerPeers = createMeshRouter({
    ...ports,
    me: runtime.me,
    keyPair,
    keyring: runtime.keyring,
    ledger,
    gate: runtime.gate,
    intake,
    meshIp: mesh.address,
    coordinates: coordinates.place,
    neighbour(name) {
      const neighbour = presence.neighbour(name);
      return neighbour === undefined ? undefined : meshNeighbour(neighbour);
    },
    neighbours: () => presence.neighbours().map(meshNeighbour),
    onHeardFrom: presence.hearFrom,
    countDrop: runtime.drops.count,
    hear: runtime.hear,
    carry: postcards.carry,
  });
  let stopAnswering: Cancel = () => {};
  const keepToPlaza = (): void =>
    runtime.keepToPlaza(transport.mode() !== "gossip", "you gossip from nara to nara alone");
  keepToPlaza();
  transport.onChange(() => {
    keepToPlaza();
    feed.meshChanged();
  });
  mesh.onChange(feed.meshChanged);

  return {
    name: identity.name,
    runtime,
    recall,
    setMemory(next) {
      memory = next;
      ledger.setCapacity(next.maxEvents);
      trimInSteps(ledger, ports.clock);
      feed.memoryChanged();
    },
    setTransport(choice) {
      transport.choose(choice);
      feed.meshChanged();
    },
    start() {
      stopAnswering = ports.mesh.serve(answerPeers);
      void runtime.start().then((started) => {
        if (!started.ok) ports.log({ level: "error", service: "nara", text: started.refusal });
      });
    },
    stop: () => runtime.stop().finally(stopAnswering),
    sendPostcard: postcards.send,
    view: feed.view,
    watch: feed.watch,
    memories: ledger.events,
    remember: (events) => intake.take(events, { path: "import", from: identity.name }),
  };
}
