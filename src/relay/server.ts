/** The whole server: page, plaza or the way to one, residents. */
import { createServer, type Server, type Socket } from "node:net";
import { createSystemClock } from "../adapters/clock.ts";
import { chooseCrypto } from "../adapters/crypto/choose-crypto.ts";
import { noMesh } from "../adapters/no-mesh.ts";
import { createStreamPlaza } from "../adapters/plaza/mqtt-node.ts";
import type { PlazaUrl } from "../adapters/plaza/plaza-url.ts";
import { createSystemRandom } from "../adapters/random.ts";
import type { Identity } from "../nara/identity/identity.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import type { Clock, Log, Plaza, Ports, Random } from "../nara/ports.ts";
import { createBrokerBus } from "./bus/broker-bus.ts";
import type { Bus } from "./bus/bus.ts";
import { connectNats } from "./bus/nats-broker.ts";
import { startEmbeddedPlaza } from "./embedded-plaza.ts";
import type { CrowdLimits, VisitorLimits } from "./limits.ts";
import { hostAndPort, listenOn, stopListening } from "./listen.ts";
import { createMemories } from "./memories.ts";
import { createAnnouncements } from "./mesh/announcements.ts";
import { createRelayMesh } from "./mesh/relay-mesh.ts";
import type { Options } from "./options.ts";
import { withOutagesTold } from "./outages.ts";
import { createPlazaPipe } from "./plaza-pipe.ts";
import { mintResidents, readResidents } from "./resident-souls.ts";
import { type Resident, startResidents } from "./residents.ts";
import { createStaticPages } from "./static-pages.ts";
import { tcpVisitor, type Visitor } from "./visitor.ts";
import { openWebApiDoors, type WebApiDoors } from "./web-api-doors.ts";
import { createWebDoor } from "./web-door.ts";

export interface ServerParts {
  readonly options: Options;
  readonly log: Log;
  /** The built page. */
  readonly pageFolder: string;
  readonly limits?: VisitorLimits | undefined;
  readonly crowd?: CrowdLimits | undefined;
  createResident(identity: Identity, ports: Ports): Resident;
}

export interface RunningServer {
  /** To be opened in a browser. */
  readonly url: string;
  /** The plaza, from outside. */
  readonly plazaAddresses: readonly string[];
  /** Names. */
  readonly residents: readonly string[];
  /** The residents' web APIs, in their order; none while it is off. */
  readonly webApis: readonly string[];
  /** Whether an error that nobody caught could be repaired: the plaza's own, that is. */
  recover(error: unknown): boolean;
  /** Writes the residents' memories where the options say, and tells how it went. */
  dump(): Promise<void>;
  /** Residents say chau, everything closes, memories are written if they are to be. */
  stop(): Promise<void>;
}

/** The plaza as the rest of the server needs it. */
interface PlazaHere {
  /** For residents. */
  readonly plaza: Plaza;
  readonly sameOriginOnly: boolean;
  readonly addresses: readonly string[];
  admit(visitor: Visitor): void;
  recover(error: unknown): boolean;
  stop(): Promise<void>;
}

/** A refusal is one line for a person that names what is in the way. */
export async function startServer(parts: ServerParts): Promise<Outcome<RunningServer>> {
  const { options } = parts;
  const pages = createStaticPages(parts.pageFolder);
  if (!pages.ok) return pages;
  const identities = chooseResidents(options);
  if (!identities.ok) return identities;
  const memories = createMemories({
    options,
    log: parts.log,
    expected: identities.value.length,
  });
  const readable = await memories.findFile();
  if (!readable.ok) return readable;
  const here =
    options.plaza === undefined
      ? await openOwnPlaza(parts)
      : await openWayToPlaza(parts, options.plaza);
  if (!here.ok) return here;
  const plaza = here.value;

  const clock = createSystemClock();
  const random = createSystemRandom();
  const crypto = await chooseCrypto(globalThis.crypto.subtle, clock);
  const bus = await openBus(parts, clock, random);
  if (!bus.ok) {
    await plaza.stop();
    return bus;
  }
  const announcements =
    options.mesh === undefined
      ? undefined
      : createAnnouncements({ plaza: plaza.plaza, clock, crypto, random });
  const mesh =
    options.mesh === undefined
      ? undefined
      : createRelayMesh({
          announcements,
          bus: bus.value,
          allowEgress: options.allowEgress,
          clock,
          random,
          crypto,
          log: parts.log,
          host: options.host,
          meshHost: options.meshHost,
          addressing: options.mesh,
        });
  const web = createWebDoor({
    mesh,
    pages: pages.value,
    sameOriginOnly: plaza.sameOriginOnly,
    admit: plaza.admit,
  });
  const port = await listenOn(web, { host: options.host, port: options.port, remedy: "--port" });
  const leave = async (): Promise<void> => {
    await mesh?.stop();
    await announcements?.stop();
    await bus.value?.stop();
    await plaza.stop();
  };
  if (!port.ok) {
    await leave();
    return port;
  }
  const doors = await openDoors(options, identities.value);
  if (!doors.ok) {
    await stopListening(web);
    await leave();
    return doors;
  }

  const residents = startResidents({
    identities: identities.value,
    clock,
    random,
    crypto,
    plaza: plaza.plaza,
    log: parts.log,
    create: parts.createResident,
    meshOf: ({ name, soul }) =>
      mesh?.lodge({ name, publicKey: crypto.keyPair(soul.seed).publicKey }) ?? noMesh,
    onJoined: (name, resident) => {
      doors.value?.admit(name, resident.webApi);
      memories.bringBack(name, resident);
    },
  });
  const at = hostAndPort(options.host, port.value);
  return accept({
    url: `http://${at}/`,
    plazaAddresses: [`ws://${at}/mqtt`, ...plaza.addresses],
    residents: residents.names,
    webApis: doors.value?.urls ?? [],
    recover: plaza.recover,
    dump: () => memories.write(residents.here()),
    stop: async () => {
      await residents.stop();
      await doors.value?.stop();
      const webStopped = stopListening(web);
      await mesh?.stop();
      await bus.value?.stop();
      await announcements?.stop();
      await plaza.stop();
      web.closeAllConnections();
      await webStopped;
      await memories.write(residents.here());
    },
  });
}

function chooseResidents(options: Options): Outcome<readonly Identity[]> {
  const random = createSystemRandom();
  if (options.souls === undefined) return accept(mintResidents(options.residents ?? 0, random));
  const read = readResidents(options.souls);
  if (!read.ok) return read;
  const wanted = options.residents ?? read.value.length;
  const missing = mintResidents(Math.max(0, wanted - read.value.length), random);
  return accept([...read.value.slice(0, wanted), ...missing]);
}

async function openDoors(
  { host, api }: Options,
  identities: readonly Identity[],
): Promise<Outcome<WebApiDoors | undefined>> {
  if (api === undefined) return accept(undefined);
  return openWebApiDoors({ host, port: api, names: identities.map(({ name }) => name) });
}

async function openBus(
  { options, log }: ServerParts,
  clock: Clock,
  random: Random,
): Promise<Outcome<Bus | undefined>> {
  if (options.bus === undefined) return accept(undefined);
  const broker = await connectNats({ url: options.bus, log });
  return broker.ok ? accept(createBrokerBus({ broker: broker.value, clock, random })) : broker;
}

async function openOwnPlaza(parts: ServerParts): Promise<Outcome<PlazaHere>> {
  const { options, log } = parts;
  const embedded = await startEmbeddedPlaza({ log, limits: parts.limits, crowd: parts.crowd });
  const addresses: string[] = [];
  let tcp: Server | undefined;
  if (options.plazaTcp !== undefined) {
    tcp = createServer((socket: Socket) => embedded.admit(tcpVisitor(socket)));
    const port = await listenOn(tcp, {
      host: options.host,
      port: options.plazaTcp,
      remedy: "--plaza-tcp PORT, or --plaza-tcp off",
    });
    if (!port.ok) {
      await embedded.stop();
      return port;
    }
    addresses.push(`mqtt://${hostAndPort(options.host, port.value)}`);
  }
  return accept({
    plaza: createStreamPlaza({ address: "this server's own plaza", open: embedded.openStream }),
    sameOriginOnly: false,
    addresses,
    admit: embedded.admit,
    recover: (error) => comesFromBroker(error) && embedded.restart(String(error)),
    stop: async () => {
      const tcpStopped = tcp === undefined ? undefined : stopListening(tcp);
      await embedded.stop();
      await tcpStopped;
    },
  });
}

async function openWayToPlaza(parts: ServerParts, url: PlazaUrl): Promise<Outcome<PlazaHere>> {
  const { options, log } = parts;
  const pipe = createPlazaPipe({
    url,
    credentials: { user: options.plazaUser, password: options.plazaPassword },
    insecure: options.plazaInsecure,
    log,
    limits: parts.limits,
    crowd: parts.crowd,
  });
  if (!pipe.ok) return pipe;
  const there = await pipe.value.probe();
  if (!there.ok) return refuse(`the plaza ${url.address} cannot be joined: ${there.refusal}`);
  return accept({
    plaza: withOutagesTold(pipe.value.plaza, log),
    sameOriginOnly: true,
    addresses: [url.address],
    admit: pipe.value.admit,
    recover: () => false,
    stop: async () => pipe.value.stop(),
  });
}

/** A stack that overflows is the broker's way to break; else the stack tells whose error it is. */
function comesFromBroker(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const fromBroker = /[\\/]node_modules[\\/](aedes|mqemitter|qlobber|fastparallel)/;
  return error instanceof RangeError || fromBroker.test(error.stack ?? "");
}
