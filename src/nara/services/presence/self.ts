/** My own record and what I say of myself: the Status in howdys and newspapers. */
import { auraOf } from "../../identity/aura.ts";
import { barrioOf, type Coordinate, type Dweller, monthAt } from "../../identity/barrio.ts";
import { flairOf } from "../../identity/flair.ts";
import type { Identity } from "../../identity/identity.ts";
import type { MemoryProfile } from "../../identity/memory-mode.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Mesh } from "../../mesh/mesh.ts";
import type { Clock } from "../../ports.ts";
import type { RoundTrips } from "../../projections/round-trips.ts";
import type { Aura, Barrio, TransportMode } from "../../view.ts";
import type { StashFigures } from "../stash/stash.ts";
import { isBooting } from "./booting.ts";
import { buzzPeriodS, coolBuzz, publishedBuzz, raiseBuzz, startingBuzz } from "./buzz.ts";
import { chattiness } from "./chattiness.ts";
import type { Neighbour, Neighbourhood } from "./neighbourhood.ts";
import { noObservation, type Observation } from "./observation.ts";
import { type NaraStatus, zeroStatus } from "./status.ts";

/** The protocol version that we speak (docs/protocol/identity.md §8). */
const wireVersion = "0.2.0";
/** A page cannot tell how busy its machine is; it counts as idle. */
const unknownLoad = 0;

export interface OwnState {
  observation(): Observation;
  remember(observation: Observation): void;
  /** The first two minutes, in which I listen before I judge. */
  booting(): boolean;
  /** Whole seconds since I was started. */
  uptimeS(): number;
  chattiness(): number;
  /** The buzz that I publish. */
  buzz(): number;
  excite(by: number): void;
  /** Cools buzz down by the time that passed, however late it is called. */
  cool(): void;
  aura(): Aura;
  flair(): string;
  barrio(): Barrio;
  barrioOf(neighbour: Neighbour): Barrio;
  status(): NaraStatus;
}

export interface OwnStateParts {
  readonly identity: Identity;
  readonly publicKey: string;
  memory(): MemoryProfile;
  readonly clock: Pick<Clock, "nowNs" | "monotonicMs">;
  readonly ledger: Ledger;
  readonly roundTrips: Pick<RoundTrips, "gridMs">;
  readonly neighbourhood: Neighbourhood;
  readonly mesh: Pick<Mesh, "address">;
  transportMode(): TransportMode;
  /** Where I am on the map of round trips; undefined without a place. */
  place(): Coordinate | undefined;
  /** What I keep for others, and how many keep something for me. */
  stash?(): StashFigures;
}

export function createOwnState(parts: OwnStateParts): OwnState {
  const { identity, clock, ledger, neighbourhood, memory } = parts;
  const startedMs = clock.monotonicMs();
  const nowS = (): number => Number(clock.nowNs() / 1_000_000_000n);
  let own: Observation = { ...noObservation, lastRestartS: nowS() };
  let count = startingBuzz;
  let published = 0;
  let cooledAtMs = startedMs;

  const booting = (): boolean => isBooting(own);
  const talkative = (): number =>
    chattiness({ buzz: published, load: unknownLoad, booting: booting() });
  const livedS = (): number => own.lastSeenS - own.lastRestartS;

  const { barrioFor } = createBarrioBook(clock, parts.roundTrips);
  const barrioOfNeighbour = ({ name, status }: Neighbour): Barrio =>
    barrioFor({ name, coordinate: status.coordinates });
  const ownBarrio = (): Barrio => barrioFor({ name: identity.name, coordinate: parts.place() });
  const aura = (): Aura =>
    auraOf({
      soulText: identity.soulText,
      name: identity.name,
      personality: identity.personality,
      uptimeS: Math.max(0, livedS()),
    });
  const flair = (): string =>
    flairOf({
      name: identity.name,
      bondValid: identity.bondValid,
      gemstone: identity.gemstone,
      personalFlair: identity.personalFlair,
      host: { hostname: "", raspberryPi: false, nixOs: false, kubernetes: false },
      trend: "",
      trendEmoji: "",
      self: { ...own, barrio: ownBarrio().name },
      peers: neighbourhood.all().map((neighbour) => ({
        name: neighbour.name,
        online: neighbour.observation.online,
        startTimeS: neighbour.observation.startTimeS,
        restarts: neighbour.observation.restarts,
        barrio: barrioOfNeighbour(neighbour).name,
      })),
      chattiness: talkative(),
      loadAvg: unknownLoad,
    });

  return {
    observation: () => own,
    remember(observation) {
      own = observation;
    },
    booting,
    uptimeS: () => Math.floor((clock.monotonicMs() - startedMs) / 1000),
    chattiness: talkative,
    buzz: () => published,
    excite(by) {
      count = raiseBuzz(count, by);
    },
    cool() {
      const periods = Math.floor((clock.monotonicMs() - cooledAtMs) / (buzzPeriodS * 1000));
      if (periods === 0) return;
      cooledAtMs += periods * buzzPeriodS * 1000;
      count = coolBuzz(count, periods);
      const peers = neighbourhood.all().map(({ status, observation }) => ({
        buzz: status.buzz,
        online: observation.online,
      }));
      published = publishedBuzz(count, published, peers);
    },
    aura,
    flair,
    barrio: ownBarrio,
    barrioOf: barrioOfNeighbour,
    status() {
      const byService = ledger.countsByService();
      const { mode, budgetMb, maxEvents } = memory();
      const stash = parts.stash?.();
      return {
        ...zeroStatus,
        licensePlate: ownBarrio().emoji,
        flair: flair(),
        hostStats: {
          ...zeroStatus.hostStats,
          uptimeS: Math.floor((clock.monotonicMs() - startedMs) / 1000),
        },
        chattiness: talkative(),
        buzz: published,
        personality: identity.personality,
        aura: aura(),
        version: wireVersion,
        publicKey: parts.publicKey,
        id: identity.id,
        meshEnabled: parts.mesh.address() !== "",
        meshIp: parts.mesh.address(),
        coordinates: parts.place(),
        transportMode: parts.transportMode(),
        eventStoreTotal: ledger.count(),
        eventStoreByService: byService,
        eventStoreCritical: ledger.criticalCount(),
        memoryMode: mode,
        memoryBudgetMb: budgetMb,
        memoryMaxEvents: maxEvents,
        stashStored: stash?.stored ?? 0,
        stashBytes: stash?.bytes ?? 0,
        stashConfidants: stash?.confidants ?? 0,
      };
    },
  };
}

/**
 * Where everyone lives. Who tells no place lives where the month's vibe puts it, which is worked
 * out once a day.
 */
function createBarrioBook(
  clock: Pick<Clock, "nowNs">,
  roundTrips: Pick<RoundTrips, "gridMs">,
): { barrioFor(dweller: Dweller): Barrio } {
  const byVibe = new Map<string, Barrio>();
  let day = -1n;
  let month = monthAt(clock.nowNs(), 0);

  return {
    barrioFor(dweller) {
      const today = clock.nowNs() / dayNs;
      if (today !== day || byVibe.size > maxDwellers) {
        day = today;
        month = monthAt(clock.nowNs(), 0);
        byVibe.clear();
      }
      const map = { gridMs: roundTrips.gridMs(), month };
      if (dweller.coordinate !== undefined) return barrioOf(dweller, map);
      const barrio = byVibe.get(dweller.name) ?? barrioOf(dweller, map);
      byVibe.set(dweller.name, barrio);
      return barrio;
    },
  };
}

/** More than anybody knows at a time (neighbourhood.ts). */
const maxDwellers = 5_000;
const dayNs = 86_400_000_000_000n;
