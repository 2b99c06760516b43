/** What the server can be told, on the command line or in the environment; one table for all. */
import { type PlazaUrl, parsePlazaUrl } from "../adapters/plaza/plaza-url.ts";
import { meshPort } from "../nara/mesh/address.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import { maxResidents } from "./limits.ts";
import type { Addressing } from "./mesh/addressing.ts";
import { type EgressList, readEgressList } from "./mesh/egress-list.ts";
import { readIpv4Prefix } from "./mesh/slots.ts";

export interface Options {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** A plaza elsewhere; undefined: the one inside the server. */
  readonly plaza: PlazaUrl | undefined;
  readonly plazaUser: string | undefined;
  readonly plazaPassword: string | undefined;
  /** Accept any certificate of the plaza. */
  readonly plazaInsecure: boolean;
  /** Port of the plaza inside for MQTT over TCP; 0 takes any free port, undefined has none. */
  readonly plazaTcp: number | undefined;
  /** Undefined: as many as the souls file holds. */
  readonly residents: number | undefined;
  /** A file of souls for the residents. */
  readonly souls: string | undefined;
  /** A file of memories that residents start with. */
  readonly memories: string | undefined;
  /** Where residents' memories are written. */
  readonly dump: string | undefined;
  /** How naras with a tunnel get addresses; undefined: no tunnels. */
  readonly mesh: Addressing | undefined;
  /** How others reach this machine; undefined: as it listens. */
  readonly meshHost: string | undefined;
  /** Where naras with a tunnel may ask beyond what the plaza announces. */
  readonly allowEgress: EgressList;
  /** Where this relay meets others; undefined: it is alone. */
  readonly bus: string | undefined;
  /** Port of the first resident's web API; undefined: it is off. */
  readonly api: number | undefined;
  readonly verbose: boolean;
}

export type Command =
  | { readonly type: "run"; readonly options: Options }
  | { readonly type: "help" };

interface Row {
  readonly flag: string;
  /** What follows the flag; undefined for a switch. */
  readonly value?: string;
  readonly preset?: string;
  readonly help: string;
}

const rows = [
  {
    flag: "port",
    value: "PORT",
    preset: "8080",
    help: "port of the page and of its way to the plaza",
  },
  { flag: "host", value: "ADDRESS", preset: "127.0.0.1", help: "address to listen on" },
  {
    flag: "plaza",
    value: "URL",
    help: "plaza to join (mqtt, mqtts, ws, wss); without it the server has its own",
  },
  { flag: "plaza-user", value: "USER", help: "user at that plaza; pages never learn it" },
  { flag: "plaza-pass", value: "PASSWORD", help: "password at that plaza; pages never learn it" },
  { flag: "plaza-insecure", help: "accept any certificate of that plaza" },
  {
    flag: "plaza-tcp",
    value: "PORT|off",
    preset: "1883",
    help: "port of the server's own plaza for Go naras and tools",
  },
  { flag: "residents", value: "N", preset: "5", help: "naras that live in the server" },
  {
    flag: "souls",
    value: "FILE",
    help: "the residents' souls, one `soul` or `name soul` a line",
  },
  {
    flag: "memories",
    value: "FILE",
    help: "memories the residents start with: a dump, one event a line",
  },
  {
    flag: "dump",
    value: "FILE",
    help: "where the residents' memories are written, at the end and on SIGUSR2",
  },
  {
    flag: "mesh-ports",
    value: "FIRST-LAST|off",
    preset: "7500-7999",
    help: "ports where naras with a tunnel are called, one each",
  },
  {
    flag: "mesh-host",
    value: "HOST",
    help: "this machine in their addresses; without it as --host says",
  },
  {
    flag: "mesh-hosts",
    value: "DOMAIN",
    help: "instead of ports: call them at NAME.DOMAIN, all at one port",
  },
  {
    flag: "mesh-cidr",
    value: "PREFIX",
    help: "instead of ports: an address of its own for each, out of these (IPv4)",
  },
  {
    flag: "mesh-port",
    value: "PORT",
    preset: String(meshPort),
    help: "port of --mesh-hosts and --mesh-cidr",
  },
  {
    flag: "allow-egress",
    value: "LIST",
    help: "where they may ask beside announced public addresses: HOST:PORT or CIDR, with commas",
  },
  {
    flag: "bus",
    value: "URL",
    help: "NATS server where relays meet, nats://… or tls://…; naras of all of them reach each other",
  },
  {
    flag: "api",
    value: "PORT",
    help: "turn the residents' web API on, the first one's at this port, each next one higher",
  },
  { flag: "verbose", help: "tell what the residents and the plaza do" },
  { flag: "help", help: "show this and leave" },
] as const satisfies readonly Row[];

type Flag = (typeof rows)[number]["flag"];
const table: readonly (Row & { readonly flag: Flag })[] = rows;

type Environment = Readonly<Record<string, string | undefined>>;
/** Where a value came from, as a person wrote it, for refusals. */
interface Given {
  readonly text: string;
  readonly label: string;
}

/**
 * The command line wins over the environment. A refusal names the offending option.
 *
 * @param words the command line without program and script.
 */
export function parseOptions(words: readonly string[], environment: Environment): Outcome<Command> {
  const given = new Map<Flag, Given>();
  for (const row of table) {
    const label = variableOf(row.flag);
    const text = environment[label];
    if (text !== undefined && text !== "") given.set(row.flag, { text, label });
  }
  const fromWords = readWords(words, given);
  if (!fromWords.ok) return fromWords;
  if (isOn(given.get("help"))) return accept({ type: "help" });
  return readOptions(given);
}

/** The text of `--help`. */
export function helpText(): string {
  const width = Math.max(...table.map((row) => usage(row).length));
  const lines = table.map((row) => {
    const preset = row.preset === undefined ? "" : ` (${row.preset})`;
    return `  ${usage(row).padEnd(width)}  ${row.help}${preset}`;
  });
  return [
    "npm start -- [options]",
    "",
    "Serves the page, a plaza (or the way to one) and a few naras that live here.",
    "",
    ...lines,
    "",
    `Each option is also an environment variable: --plaza-user is ${variableOf("plaza-user")}.`,
  ].join("\n");
}

const usage = (row: Row): string =>
  row.value === undefined ? `--${row.flag}` : `--${row.flag} ${row.value}`;

const variableOf = (flag: string): string => `NARA_TAB_${flag.toUpperCase().replaceAll("-", "_")}`;

function readWords(words: readonly string[], given: Map<Flag, Given>): Outcome<true> {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const [, name, attached] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const row = table.find(({ flag }) => flag === name);
    if (row === undefined)
      return refuse(`unknown option ${shown(word.replace(/=.*$/s, ""))} (see --help)`);
    const label = `--${row.flag}`;
    if (row.value === undefined) {
      if (attached !== undefined) return refuse(`${label} takes no value`);
      given.set(row.flag, { text: "1", label });
      continue;
    }
    const text = attached ?? words[index + 1];
    if (text === undefined || (attached === undefined && text.startsWith("--"))) {
      return refuse(`${label} needs a value: ${usage(row)}`);
    }
    if (attached === undefined) index += 1;
    const before = given.get(row.flag);
    const joins = row.flag === "allow-egress" && before?.label === label;
    given.set(row.flag, { text: joins ? `${before.text},${text}` : text, label });
  }
  return accept(true);
}

function readOptions(given: ReadonlyMap<Flag, Given>): Outcome<Command> {
  const or = (flag: Flag): Given => given.get(flag) ?? { text: presetOf(flag), label: `--${flag}` };

  const port = readPort(or("port"));
  if (!port.ok) return port;
  const host = or("host");
  if (!/^[\p{L}\p{N}.:_-]+$/u.test(host.text)) {
    return refuse(`${host.label} is no address: ${shown(host.text)}`);
  }
  const residents = readCount(or("residents"), maxResidents);
  if (!residents.ok) return residents;
  const mesh = readAddressing(given, or);
  if (!mesh.ok) return mesh;
  const meshHost = given.get("mesh-host");
  if (meshHost !== undefined && !/^[A-Za-z0-9.-]{1,253}$/.test(meshHost.text)) {
    return refuse(`${meshHost.label} is no host: ${shown(meshHost.text)}`);
  }
  const apiGiven = given.get("api");
  const api = apiGiven === undefined ? accept(undefined) : readPort(apiGiven);
  if (!api.ok) return api;
  const bus = given.get("bus");
  if (bus !== undefined && !isBusUrl(bus.text)) {
    return refuse(`${bus.label} must be like nats://127.0.0.1:4222, not ${shown(bus.text)}`);
  }
  if (bus !== undefined && mesh.value === undefined) {
    return refuse(`${bus.label} is for the mesh: it goes not with --mesh-ports off`);
  }
  const egress = or("allow-egress");
  const allowEgress = readEgressList(egress.text);
  if (!allowEgress.ok) return refuse(`${egress.label}: ${allowEgress.refusal}`);
  const plaza = readPlaza(given.get("plaza"));
  if (!plaza.ok) return plaza;
  const tcp = or("plaza-tcp");
  const plazaTcp = tcp.text === "off" ? accept(undefined) : readPort(tcp, " or off");
  if (!plazaTcp.ok) return plazaTcp;

  const ownPlaza = plaza.value === undefined;
  if (ownPlaza) {
    for (const flag of ["plaza-user", "plaza-pass", "plaza-insecure"] as const) {
      const label = given.get(flag)?.label;
      if (label !== undefined) return refuse(`${label} is for a plaza elsewhere: give --plaza too`);
    }
  } else if (given.has("plaza-tcp") && tcp.text !== "off") {
    return refuse(`${tcp.label} is for the server's own plaza: it goes not with --plaza`);
  }
  return accept({
    type: "run",
    options: {
      host: host.text,
      port: port.value,
      plaza: plaza.value,
      plazaUser: given.get("plaza-user")?.text ?? plaza.value?.user,
      plazaPassword: given.get("plaza-pass")?.text ?? plaza.value?.password,
      plazaInsecure: isOn(given.get("plaza-insecure")),
      plazaTcp: ownPlaza ? plazaTcp.value : undefined,
      residents: given.has("souls") && !given.has("residents") ? undefined : residents.value,
      souls: given.get("souls")?.text,
      memories: given.get("memories")?.text,
      dump: given.get("dump")?.text,
      mesh: mesh.value,
      meshHost: meshHost?.text,
      allowEgress: allowEgress.value,
      bus: bus?.text,
      api: api.value,
      verbose: isOn(given.get("verbose")),
    },
  });
}

const presetOf = (flag: Flag): string => table.find((row) => row.flag === flag)?.preset ?? "";

/** A switch in the environment is off when it says so. */
const isOn = (given: Given | undefined): boolean =>
  given !== undefined && !["0", "false", "no", "off"].includes(given.text.toLowerCase());

function readPlaza(given: Given | undefined): Outcome<PlazaUrl | undefined> {
  if (given === undefined) return accept(undefined);
  const parsed = parsePlazaUrl(given.text);
  return parsed.ok ? parsed : refuse(`${given.label}: ${parsed.refusal}`);
}

function readPort(given: Given, alternative = ""): Outcome<number> {
  const port = wholeNumber(given.text);
  if (port !== undefined && port <= 65_535) return accept(port);
  return refuse(`${given.label} must be 0 to 65535${alternative}, not ${shown(given.text)}`);
}

function readAddressing(
  given: ReadonlyMap<Flag, Given>,
  or: (flag: Flag) => Given,
): Outcome<Addressing | undefined> {
  const ways = (["mesh-ports", "mesh-hosts", "mesh-cidr"] as const).filter((flag) =>
    given.has(flag),
  );
  const [first, second] = ways.map((flag) => given.get(flag)?.label);
  if (second !== undefined) return refuse(`${first} and ${second} do not go together: give one`);
  const port = readPort(or("mesh-port"));
  if (!port.ok) return port;
  if (port.value === 0) return refuse(`${or("mesh-port").label} must be 1 to 65535`);
  const domain = given.get("mesh-hosts");
  if (domain !== undefined) {
    return /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(domain.text) && domain.text.length <= 180
      ? accept({ mode: "hosts", domain: domain.text, port: port.value })
      : refuse(`${domain.label} must be a domain like relay.example, not ${shown(domain.text)}`);
  }
  const prefix = given.get("mesh-cidr");
  if (prefix !== undefined) {
    const read = readIpv4Prefix(prefix.text);
    return read.ok
      ? accept({ mode: "prefix", prefix: read.value, port: port.value })
      : refuse(`${prefix.label} must be ${read.refusal}, not ${shown(prefix.text)}`);
  }
  return readPortRange(or("mesh-ports"));
}

function readPortRange(given: Given): Outcome<Addressing | undefined> {
  if (given.text === "off") return accept(undefined);
  const [, from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(given.text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (first >= 1 && first <= last && last <= 65_535) {
    return accept({ mode: "ports", range: { first, last } });
  }
  return refuse(`${given.label} must be like 7500-7999 or off, not ${shown(given.text)}`);
}

const isBusUrl = (text: string): boolean =>
  /^(nats|tls):\/\//.test(text) && URL.canParse(text) && new URL(text).hostname !== "";

function readCount(given: Given, most: number): Outcome<number> {
  const count = wholeNumber(given.text);
  if (count !== undefined && count <= most) return accept(count);
  return refuse(`${given.label} must be 0 to ${most}, not ${shown(given.text)}`);
}

const wholeNumber = (text: string): number | undefined =>
  /^\d{1,6}$/.test(text) ? Number(text) : undefined;

/** One line, without credentials that a mistyped word may hold. */
function shown(text: string): string {
  const clean = text.replace(/[\p{C}\s]+/gu, " ").replace(/^([a-z]+:\/\/)?.*@/i, "$1");
  return JSON.stringify(clean.length > 80 ? `${clean.slice(0, 80)}…` : clean);
}
