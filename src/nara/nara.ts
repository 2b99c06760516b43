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
import { type Host, unknownHost } from "./host.ts";
import type { Identity } from "./identity/identity.ts";
import { type MemoryProfile, memoryProfile } from "./identity/memory-mode.ts";
import { trimInSteps } from "./ledger/trim-in-steps.ts";
import { type Manners, openManners } from "./manners.ts";
import type { MeshNeighbour } from "./mesh/endpoint.ts";
import type { MeshHandler } from "./mesh/http.ts";
import { createIntroductions } from "./mesh/introductions.ts";
import { createMeshRouter } from "./mesh/router.ts";
import { createTransport } from "./mesh/transport-mode.ts";
import { meshView } from "./mesh-view.ts";
import { accept, type Outcome, refuse } from "./outcome.ts";
import type { Cancel, Ports } from "./ports.ts";
import { createRecall, type Recall } from "./recall.ts";
import { createRuntime, type Runtime } from "./runtime/runtime.ts";
import { type Checkpoints, createCheckpoints } from "./services/checkpoints/checkpoints.ts";
import { createCoordinates } from "./services/coordinates/coordinates.ts";
import { createDirect, type Direct } from "./services/gossip/direct.ts";
import { createGossip } from "./services/gossip/gossip.ts";
import { createPlazaExchange } from "./services/memories-over-plaza/plaza-exchange.ts";
import { createPostcards } from "./services/postcards/postcards.ts";
import type { Neighbour } from "./services/presence/neighbourhood.ts";
import { createPresence } from "./services/presence/presence.ts";
import { reachable } from "./services/reachable.ts";
import { createRecovery } from "./services/recovery/recovery.ts";
import { gameNote } from "./services/rock-paper-scissors/note.ts";
import {
  createRockPaperScissors,
  type RockPaperScissors,
} from "./services/rock-paper-scissors/rock-paper-scissors.ts";
import { createSocial, type Social } from "./services/social/social.ts";
import { createStash, type Stash } from "./services/stash/stash.ts";
import { createVault } from "./services/stash/vault.ts";
import { createTrends } from "./services/trends/trends.ts";
import { trendNote } from "./services/trends/words.ts";
import type { NaraView, NaraViewDelta, TransportChoice } from "./view.ts";
import { createViewFeed } from "./view-feed.ts";
import type { WebApi, WebApiParts } from "./web-api/web-api.ts";

export interface NaraParts {
  readonly identity: Identity;
  readonly ports: Ports;
  /** How much it remembers at first; `short` suits a page among many. */
  readonly memory?: MemoryProfile;
  /** The machine it lives on; of one that is not said nothing is told. */
  readonly host?: Host;
  /** How it behaves at first; openly unless said. */
  readonly manners?: Manners;
  /** How it talks at first; `auto` unless said. */
  readonly transport?: TransportChoice;
  /** The web API is on from the start; off unless given. */
  readonly webApi?: WebApiMaker;
}

/**
 * `createWebApi` of web-api/web-api.ts: handed in, so that who leaves it off need not carry it.
 */
export type WebApiMaker = (parts: WebApiParts, otherwise: MeshHandler) => WebApi;

export interface Nara extends Rememberer {
  readonly name: string;
  readonly runtime: Runtime;
  /** Pages of what it remembers, and why it believes what it believes. */
  readonly recall: Recall;
  /** Remembers more or less from now on; what no longer fits is forgotten, much of it in steps. */
  setMemory(memory: MemoryProfile): void;
  /** Talks another way from now on: leaves the plaza or comes back to it, begins or ends its zines. */
  setTransport(choice: TransportChoice): void;
  /** Says a social event of mine to another: by hand, else aloud on the plaza, else in my zines. */
  readonly tell: Direct["tell"];
  /** Answers the web API at the mesh address too from now on, or with undefined no more. */
  setWebApi(create: WebApiMaker | undefined): void;
  /** Teases a neighbour, once in five minutes. A refusal is a sentence for a person. */
  readonly tease: Social["tease"];
  /** Challenges a neighbour to rock-paper-scissors. A refusal is a sentence for a person. */
  readonly play: RockPaperScissors["play"];
  /** Behaves another way from now on. Who falls silent says chau first, who speaks again hey_there. */
  setManners(manners: Manners): void;
  /** Checkpoints about a nara; and asking for one about me, for the owner alone. */
  readonly checkpoints: Pick<Checkpoints, "ask" | "chain">;
  /** Connects and lives, until it is stopped. A lost plaza is tried again for ever. */
  start(): void;
  /** Writes a postcard, for the owner alone (services/postcards/postcards.ts). */
  sendPostcard(message: string): Promise<Outcome<void>>;
  /** What friends keep for me (services/stash/stash.ts). */
  readonly stash: Pick<Stash, "write" | "note" | "earlier">;
  /** Undefined while it is off. */
  readonly webApi: WebApi | undefined;
  /** What I remember of the others, in order of first acquaintance. */
  neighbours(): readonly Neighbour[];
  /** Says chau before it returns, then leaves the plaza. */
  stop(): Promise<void>;
  view(): NaraView;
  /** Calls `listener` with each change as it happens. Take `view()` at the same moment. */
  watch(listener: (delta: NaraViewDelta) => void): Cancel;
}

export function createNara(parts: NaraParts): Nara {
  const { identity, ports } = parts;
  const host = parts.host ?? unknownHost;
  let memory = parts.memory ?? memoryProfile("short");
  let manners = parts.manners ?? openManners;
  const isInTheMood = (): boolean =>
    !manners.readOnly && !presence.own.booting() && !presence.own.isQuiet() && !presence.isDrowsy();
  const keyPair = ports.crypto.keyPair(identity.soul.seed);
  /** Who only listens calls nobody of its own accord (docs/protocol/presence-and-life.md §3). */
  const callable = {
    neighbours: () => (manners.readOnly ? [] : presence.neighbours()),
    neighbour: (name: string) => presence.neighbour(name),
  };
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
        letsLookIn: webApi !== undefined,
        zines: gossip.counts(),
        remembering: recovery.remembering(),
        remembered: recovery.remembered(),
      }),
    postcards: () => postcards.view(),
    stash: () => stash.view(),
    checkpoints: () => checkpoints.view(),
    games: () => games.view(),
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
    stash: () => stash.figures(),
    host,
    manners: () => manners,
    trend: () => trends.trend(),
    askAbout: (subject, isEnough) => recovery.askAbout(subject, isEnough),
    listener: {
      onAlive: (before, after) => social.sawAlive(before, after),
      onWoke: (sinceNs) => recovery.woke(sinceNs),
      onMe: feed.meChanged,
      onNeighbour: feed.neighbourChanged,
      onGone: feed.neighbourGone,
      onNote: feed.noted,
    },
  });
  const coordinates = createCoordinates({
    neighbours: callable.neighbours,
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
  const checkpoints = createCheckpoints({
    neighbours: presence.neighbours,
    booting: () => presence.own.booting(),
    onChange: feed.checkpointsChanged,
  });
  const stash = createStash({
    vault: createVault(identity.soul.seed, ports.random),
    memory: () => memory,
    neighbours: presence,
    onChange: feed.stashChanged,
  });
  const gossip = createGossip({
    neighbours: presence,
    memory: () => memory,
    // Who only listens hands on nothing.
    mode: () => (manners.readOnly ? "mqtt" : transport.mode()),
    onModeChange: transport.onChange,
    chattiness: () => presence.own.chattiness(),
    hearFrom: presence.hearFrom,
    isDrowsy: presence.isDrowsy,
    onChange: feed.meshChanged,
  });
  const direct = createDirect({ mode: transport.mode });
  const social = createSocial({
    teaser: identity,
    neighbour: presence.neighbour,
    neighbours: presence.neighbours,
    isInMyBarrio: (neighbour) =>
      presence.own.barrioOf(neighbour).name === presence.own.barrio().name,
    isInTheMood,
    tell: direct.tell,
    excite: (by) => presence.own.excite(by),
  });
  const trends = createTrends({
    me: identity.name,
    personality: identity.personality,
    neighbours: presence.neighbours,
    excite: (by) => presence.own.excite(by),
    isInTheMood,
    onStep: (step, trend) => feed.noted(trendNote(step, trend)),
  });
  const games = createRockPaperScissors({
    personality: identity.personality,
    isInTheMood: () => !manners.readOnly && !presence.own.isQuiet(),
    onPlayed(played) {
      feed.gamesChanged();
      feed.noted(gameNote(played));
    },
  });
  const exchange = createPlazaExchange(identity.name);
  const recovery = createRecovery({
    neighbours: callable,
    memory: () => memory,
    ownStartS: () => presence.own.observation().startTimeS,
    onChange: feed.meshChanged,
    askOnPlaza: exchange.ask,
  });
  const onUnknown = (name: string): void => {
    if (!manners.readOnly) void introduce(name);
  };
  const runtime = createRuntime({
    ports,
    keyPair,
    judge: identity,
    me: { name: identity.name, id: identity.id, publicKey: encodeBase64(keyPair.publicKey) },
    capacity: memory.maxEvents,
    isSilent: () => manners.readOnly,
    // The last one says chau before `stop` returns.
    services: [
      gossip.service,
      direct.service,
      social.service,
      trends.service,
      recovery.service,
      exchange.service,
      coordinates.service,
      postcards.service,
      stash.service,
      checkpoints.service,
      games.service,
      presence.service,
    ],
    onPlaza: feed.plazaChanged,
    onDrop: feed.dropped,
    onConflict: feed.keyRefused,
    onUnknown,
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
  const introduce = createIntroductions({
    ...mesh,
    keyring: runtime.keyring,
    clock: ports.clock,
    neighbours: () => reachable(runtime, presence).map(({ name }) => name),
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
    onZine: gossip.exchanged,
    isSecondHand: runtime.isSecondHand,
    onUnknown,
    countDrop: runtime.drops.count,
    hear: runtime.hear,
    // Without a mesh of its own the reference's read-only nara carries none (`network.go`).
    get carry() {
      return manners.readOnly ? undefined : postcards.carry;
    },
  });
  const shown: WebApiParts = {
    ...ports,
    me: runtime.me,
    keyring: runtime.keyring,
    ledger,
    projections,
    status: () => presence.own.status(),
    observation: () => presence.own.observation(),
    barrio: () => presence.own.barrio(),
    neighbour: presence.neighbour,
    neighbours: presence.neighbours,
    journeys: postcards.home,
    get startJourney() {
      return manners.readOnly ? undefined : postcards.send;
    },
    isSilent: () => manners.readOnly,
    stash,
    countDrop: runtime.drops.count,
  };
  let webApi = parts.webApi?.(shown, answerPeers);
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
      feed.stashChanged();
    },
    setTransport(choice) {
      transport.choose(choice);
      feed.meshChanged();
    },
    setWebApi(create) {
      webApi = create?.(shown, answerPeers);
      feed.meshChanged();
    },
    tell: direct.tell,
    tease: async (name) => (manners.readOnly ? refuse(onlyListens) : social.tease(name)),
    play: async (name, hand) => (manners.readOnly ? refuse(onlyListens) : games.play(name, hand)),
    setManners(next) {
      const wasSilent = manners.readOnly;
      if (next.readOnly && !wasSilent) presence.fallSilent();
      manners = next;
      if (wasSilent && !next.readOnly) presence.speakAgain();
      feed.meChanged();
    },
    checkpoints,
    start() {
      stopAnswering = ports.mesh.serve((request) => (webApi?.handle ?? answerPeers)(request));
      void runtime.start().then((started) => {
        if (!started.ok) ports.log({ level: "error", service: "nara", text: started.refusal });
      });
    },
    stop: () => runtime.stop().finally(stopAnswering),
    async sendPostcard(message) {
      if (manners.readOnly) return refuse(onlyListens);
      const sent = await postcards.send(message);
      return sent.ok ? accept(undefined) : sent;
    },
    stash,
    get webApi() {
      return webApi;
    },
    neighbours: presence.neighbours,
    view: feed.view,
    watch: feed.watch,
    memories: ledger.events,
    remember: (events) => intake.take(events, { path: "import", from: identity.name }),
  };
}

const onlyListens = "you only listen just now";
