/** My own record and what I say of myself: the Status in howdys and newspapers. */

import type { Host, HostFigures } from "../../host.ts";
import { auraOf } from "../../identity/aura.ts";
import type { Coordinate, Dweller } from "../../identity/barrio.ts";
import { flairOf } from "../../identity/flair.ts";
import type { Identity } from "../../identity/identity.ts";
import type { MemoryProfile } from "../../identity/memory-mode.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { isQuiet, type Manners } from "../../manners.ts";
import type { Mesh } from "../../mesh/mesh.ts";
import type { Clock } from "../../ports.ts";
import type { RoundTrips } from "../../projections/round-trips.ts";
import type { Aura, Barrio, TransportMode } from "../../view.ts";
import type { StashFigures } from "../stash/stash.ts";
import type { Trend } from "../trends/words.ts";
import { createBarrioBook } from "./barrio-book.ts";
import { isBooting } from "./booting.ts";
import { buzzPeriodS, coolBuzz, publishedBuzz, raiseBuzz, startingBuzz } from "./buzz.ts";
import { chattiness } from "./chattiness.ts";
import type { Neighbour, Neighbourhood } from "./neighbourhood.ts";
import { noObservation, type Observation } from "./observation.ts";
import { type NaraStatus, zeroStatus } from "./status.ts";
import { withoutDetails } from "./stealth.ts";

/** The protocol version that we speak (docs/protocol/identity.md §8). */
const wireVersion = "0.2.0";
/** Where nobody can tell the load, the machine counts as idle, and nothing is said of it. */
const unknownLoad = 0;
/** What another flair adds to buzz (docs/protocol/presence-and-life.md §4). */
const buzzOfNewFlair = 2;
/** Chattiness in quiet hours: as rare a newspaper as there is. */
const hushed = 0;

export interface OwnState {
  observation(): Observation;
  remember(observation: Observation): void;
  /** The first two minutes, in which I listen before I judge. */
  booting(): boolean;
  /** Whole seconds since I was started. */
  uptimeS(): number;
  chattiness(): number;
  /** In the hours that my person wants quiet. */
  isQuiet(): boolean;
  /** The buzz that I publish. */
  buzz(): number;
  excite(by: number): void;
  /** Cools buzz down by the time that passed, however late it is called. */
  cool(): void;
  aura(): Aura;
  flair(): string;
  /** The one I follow. */
  trend(): Trend;
  barrio(): Barrio;
  barrioOf(neighbour: Neighbour): Barrio;
  status(): NaraStatus;
}

/** What I know of myself from my host and from my other services. */
export interface OwnFacts {
  readonly identity: Identity;
  /** It may change while the nara lives. */
  memory(): MemoryProfile;
  transportMode(): TransportMode;
  /** Where I am on the map of round trips; undefined without a place. */
  place(): Coordinate | undefined;
  /** What I keep for others, and how many keep something for me. */
  stash(): StashFigures;
  readonly host: Host;
  manners(): Manners;
  /** The one I follow. */
  trend(): Trend;
}

export interface OwnStateParts extends OwnFacts {
  readonly publicKey: string;
  readonly clock: Pick<Clock, "nowNs" | "monotonicMs">;
  readonly ledger: Ledger;
  readonly roundTrips: Pick<RoundTrips, "gridMs">;
  readonly neighbourhood: Neighbourhood;
  readonly mesh: Pick<Mesh, "address">;
}

export function createOwnState(parts: OwnStateParts): OwnState {
  const { identity, clock, ledger, neighbourhood, memory } = parts;
  const startedMs = clock.monotonicMs();
  const nowS = (): number => Number(clock.nowNs() / 1_000_000_000n);
  let own: Observation = { ...noObservation, lastRestartS: nowS() };
  let count = startingBuzz;
  let published = 0;
  let cooledAtMs = startedMs;
  let wornLast = "";

  const booting = (): boolean => isBooting(own);
  const quiet = (): boolean => isQuiet(parts.manners(), parts.host.minuteOfDay());
  const talkative = (): number =>
    quiet()
      ? hushed
      : chattiness({
          buzz: published,
          load: parts.host.load() ?? unknownLoad,
          booting: booting(),
        });
  const livedS = (): number => own.lastSeenS - own.lastRestartS;

  const barrios = createBarrioBook(clock, parts.roundTrips);
  const ownBarrio = (): Barrio =>
    barrios.today()({ name: identity.name, coordinate: parts.place() });
  const aura = (): Aura =>
    auraOf({
      soulText: identity.soulText,
      name: identity.name,
      personality: identity.personality,
      uptimeS: Math.max(0, livedS()),
    });
  const flair = (): string => {
    const barrioFor = barrios.today();
    return flairOf({
      name: identity.name,
      bondValid: identity.bondValid,
      gemstone: identity.gemstone,
      personalFlair: identity.personalFlair,
      host: parts.host.looks,
      trend: parts.trend().name,
      trendEmoji: parts.trend().emoji,
      self: own,
      peers: neighbourhood.all(),
      isNextDoor(name) {
        const neighbour = neighbourhood.get(name);
        return neighbour !== undefined && barrioFor(dwellerOf(neighbour)).name === ownBarrio().name;
      },
      chattiness: talkative(),
      loadAvg: parts.host.load(),
      quiet: quiet(),
    });
  };

  return {
    observation: () => own,
    remember(observation) {
      own = observation;
    },
    booting,
    uptimeS: () => Math.floor((clock.monotonicMs() - startedMs) / 1000),
    chattiness: talkative,
    isQuiet: quiet,
    buzz: () => published,
    excite(by) {
      count = raiseBuzz(count, by);
    },
    cool() {
      const periods = Math.floor((clock.monotonicMs() - cooledAtMs) / (buzzPeriodS * 1000));
      if (periods === 0) return;
      cooledAtMs += periods * buzzPeriodS * 1000;
      count = coolBuzz(count, periods);
      const worn = flair();
      if (worn !== wornLast && wornLast !== "") count = raiseBuzz(count, buzzOfNewFlair);
      wornLast = worn;
      const peers = neighbourhood.all().map(({ status, observation }) => ({
        buzz: status.buzz,
        online: observation.online,
      }));
      published = publishedBuzz(count, published, peers);
    },
    aura,
    flair,
    trend: parts.trend,
    barrio: ownBarrio,
    barrioOf: (neighbour) => barrios.today()(dwellerOf(neighbour)),
    status() {
      const status = wholeStatus();
      return parts.manners().stealth ? withoutDetails(status) : status;
    },
  };

  function wholeStatus(): NaraStatus {
    const byService = ledger.countsByService();
    const { mode, budgetMb, maxEvents } = memory();
    const stash = parts.stash();
    return {
      ...zeroStatus,
      licensePlate: ownBarrio().emoji,
      flair: flair(),
      hostStats: {
        ...zeroStatus.hostStats,
        uptimeS: Math.floor((clock.monotonicMs() - startedMs) / 1000),
        ...wholeFigures(parts.host.figures()),
        loadAvg: inHundredths(parts.host.load() ?? unknownLoad),
      },
      chattiness: talkative(),
      buzz: published,
      trend: parts.trend().name,
      trendEmoji: parts.trend().emoji,
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
      stashStored: stash.stored,
      stashBytes: stash.bytes,
      stashConfidants: stash.confidants,
    };
  }
}

/** The reference tells whole numbers, but for the share of the processor (identity.md §8). */
function wholeFigures({ procCpuPercent, ...whole }: HostFigures): HostFigures {
  const figures = Object.entries(whole).map(([name, value]) => [name, Math.trunc(value)]);
  return {
    ...Object.fromEntries(figures),
    ...(procCpuPercent !== undefined && { procCpuPercent }),
  };
}

/** Cut to two decimals (docs/protocol/presence-and-life.md §4). */
const inHundredths = (load: number): number => Math.trunc(load * 100) / 100;

const dwellerOf = ({ name, status }: Neighbour): Dweller => ({
  name,
  coordinate: status.coordinates,
});
