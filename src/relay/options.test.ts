import { expect, test } from "vitest";
import { helpText, type Options, parseOptions } from "./options.ts";

const optionsOf = (line: string, environment: Record<string, string> = {}): Options => {
  const parsed = parseOptions(line === "" ? [] : line.split(" "), environment);
  if (!parsed.ok) throw new Error(parsed.refusal);
  if (parsed.value.type !== "run") throw new Error(parsed.value.type);
  return parsed.value.options;
};
const refusalOf = (line: string, environment: Record<string, string> = {}): string => {
  const parsed = parseOptions(line.split(" "), environment);
  return parsed.ok ? "accepted" : parsed.refusal;
};

test("without a word the server has its own plaza, five residents and listens to this machine only", () => {
  expect(optionsOf("")).toEqual({
    host: "127.0.0.1",
    port: 8080,
    plaza: undefined,
    plazaUser: undefined,
    plazaPassword: undefined,
    plazaInsecure: false,
    plazaTcp: 1883,
    residents: 5,
    souls: undefined,
    memories: undefined,
    dump: undefined,
    mesh: { mode: "ports", range: { first: 7500, last: 7999 } },
    meshHost: undefined,
    allowEgress: { authorities: [], ranges: [] },
    bus: undefined,
    api: undefined,
    verbose: false,
  });
});

test("every option can be given in words, with or without an equals sign", () => {
  const options = optionsOf(
    "--port 0 --host=:: --plaza wss://plaza.example/mqtt --plaza-user me --plaza-pass=a=b " +
      "--plaza-insecure --plaza-tcp off --residents=0 --souls my.txt --verbose",
  );
  expect(options).toMatchObject({
    port: 0,
    host: "::",
    plaza: { scheme: "wss", host: "plaza.example", port: 443 },
    plazaUser: "me",
    plazaPassword: "a=b",
    plazaInsecure: true,
    plazaTcp: undefined,
    residents: 0,
    souls: "my.txt",
    verbose: true,
  });
});

test("every option can be given in the environment, and words win over it", () => {
  const environment = {
    NARA_TAB_PORT: "9000",
    NARA_TAB_PLAZA: "mqtts://plaza.example",
    NARA_TAB_PLAZA_USER: "me",
    NARA_TAB_PLAZA_PASS: "secret",
    NARA_TAB_PLAZA_INSECURE: "false",
    NARA_TAB_RESIDENTS: "2",
    NARA_TAB_VERBOSE: "1",
    NARA_TAB_SOULS: "",
  };
  const options = optionsOf("--port 9001", environment);
  expect(options).toMatchObject({
    port: 9001,
    plaza: { address: "mqtts://plaza.example" },
    plazaUser: "me",
    plazaPassword: "secret",
    plazaInsecure: false,
    residents: 2,
    verbose: true,
    souls: undefined,
  });
});

test("user and password may stand in the plaza's URL, and leave it", () => {
  const options = optionsOf("--plaza mqtt://me:p%40ss@plaza.example:1884");
  expect(options.plazaUser).toBe("me");
  expect(options.plazaPassword).toBe("p@ss");
  expect(options.plaza?.address).toBe("mqtt://plaza.example:1884");
});

test("a souls file decides how many residents there are, unless that is given too", () => {
  expect(optionsOf("--souls my.txt").residents).toBe(undefined);
  expect(optionsOf("--souls my.txt --residents 3").residents).toBe(3);
});

test("naras with a tunnel are called by port, by host or by address", () => {
  expect(optionsOf("--mesh-ports off").mesh).toBeUndefined();
  expect(optionsOf("--mesh-hosts relay.example").mesh).toEqual({
    mode: "hosts",
    domain: "relay.example",
    port: 7433,
  });
  expect(optionsOf("--mesh-cidr 127.1.0.0/16 --mesh-port 7434").mesh).toEqual({
    mode: "prefix",
    prefix: { first: 0x7f010000, count: 65_536 },
    port: 7434,
  });
});

test("egress that is allowed may be given at once or one by one", () => {
  const list = {
    authorities: ["nara.example:7433"],
    ranges: [
      { address: "127.0.0.0", bits: 8 },
      { address: "100.64.0.0", bits: 10 },
    ],
  };
  const three = ["127.0.0.0/8", "nara.example:7433", "100.64.0.0/10"];
  expect(optionsOf(`--allow-egress ${three.join(",")}`).allowEgress).toEqual(list);
  expect(optionsOf(three.map((one) => `--allow-egress ${one}`).join(" ")).allowEgress).toEqual(
    list,
  );
});

test("what is wrong is refused in one line that names it", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["--prot 80", /^unknown option "--prot"/],
    ["8080", /^unknown option "8080"/],
    ["--port", /^--port needs a value/],
    ["--port --verbose", /^--port needs a value/],
    ["--port 65536", /^--port must be 0 to 65535, not "65536"/],
    ["--port 80a", /^--port must be .* not "80a"/],
    ["--port -1", /^--port must be .* not "-1"/],
    ["--plaza-tcp never", /^--plaza-tcp must be 0 to 65535 or off, not "never"/],
    ["--residents 1000", /^--residents must be 0 to 200, not "1000"/],
    ["--residents 1.5", /^--residents must be/],
    ["--plaza http://plaza.example", /^--plaza: "http:\/\/plaza.example" is no plaza's address/],
    ["--plaza plaza", /^--plaza: "plaza" is not a URL/],
    ["--host a/b", /^--host is no address/],
    ["--mesh-ports 7500", /^--mesh-ports must be like 7500-7999 or off, not "7500"/],
    ["--mesh-ports 8000-7000", /^--mesh-ports must be/],
    ["--mesh-ports 0-70000", /^--mesh-ports must be/],
    ["--mesh-host a/b", /^--mesh-host is no host: "a\/b"/],
    ["--mesh-hosts Relay/x", /^--mesh-hosts must be a domain like relay.example, not "Relay\/x"/],
    ["--mesh-cidr 127.1.0.0", /^--mesh-cidr must be like 127.1.0.0\/16/],
    ["--mesh-cidr 127.1.0.1/16", /^--mesh-cidr must be 127.1.0.0\/16/],
    ["--mesh-port 0", /^--mesh-port must be 1 to 65535/],
    [
      "--mesh-cidr 127.1.0.0/16 --mesh-ports 1-2",
      /^--mesh-ports and --mesh-cidr do not go together: give one/,
    ],
    [
      "--bus redis://me:hunter2@a",
      /^--bus must be like nats:\/\/127.0.0.1:4222, not "redis:\/\/a"/,
    ],
    ["--bus nats://a --mesh-ports off", /^--bus is for the mesh/],
    ["--allow-egress localhost", /^--allow-egress: "localhost" is neither HOST:PORT nor a CIDR/],
    ["--verbose=yes", /^--verbose takes no value/],
    ["--plaza-user me", /^--plaza-user is for a plaza elsewhere/],
    ["--plaza mqtt://plaza.example --plaza-tcp 1884", /^--plaza-tcp is for the server's own plaza/],
  ];
  for (const [line, refusal] of cases) expect(refusalOf(line), line).toMatch(refusal);
  expect(refusalOf("--verbose", { NARA_TAB_PORT: "http" })).toMatch(/^NARA_TAB_PORT must be/);
});

test("a refusal never repeats a password", () => {
  expect(refusalOf("--plaza-password=hunter2")).not.toContain("hunter2");
  expect(refusalOf("--plaza http://me:hunter2@plaza.example")).not.toContain("hunter2");
  expect(refusalOf("--plaza me:hunter2@plaza.example")).not.toContain("hunter2");
  expect(refusalOf("mqtt://me:hunter2@plaza.example")).not.toContain("hunter2");
});

test("help names every option with its preset and its variable", () => {
  const help = helpText();
  for (const part of ["--port PORT", "(8080)", "--plaza-tcp PORT|off", "(1883)", "--souls FILE"]) {
    expect(help).toContain(part);
  }
  expect(help).toContain("NARA_TAB_PLAZA_USER");
  expect(parseOptions(["--help"], {})).toEqual({ ok: true, value: { type: "help" } });
});
