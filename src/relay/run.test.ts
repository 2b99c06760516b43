import { expect, test } from "vitest";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import { type ProcessHere, run, type StartServer } from "./run.ts";
import type { RunningServer } from "./server.ts";

interface FakeProcess extends ProcessHere {
  readonly printed: string[];
  readonly complaints: string[];
  /** Resolves with the first exit code. */
  readonly ended: Promise<number>;
  signal(): void;
  dumpSignal(): void;
  breakDown(error: unknown): void;
}

function fakeProcess(line = ""): FakeProcess {
  const printed: string[] = [];
  const complaints: string[] = [];
  let signal = (): void => {};
  let dumpSignal = (): void => {};
  let breakDown = (_error: unknown): void => {};
  let exit = (_code: number): void => {};
  const ended = new Promise<number>((resolve) => {
    exit = resolve;
  });
  return {
    words: line === "" ? [] : line.split(" "),
    environment: {},
    print: (text) => printed.push(text),
    complain: (text) => complaints.push(text),
    exit,
    onSignal: (heard) => {
      signal = heard;
    },
    onDumpSignal: (heard) => {
      dumpSignal = heard;
    },
    onUncaught: (caught) => {
      breakDown = caught;
    },
    printed,
    complaints,
    ended,
    signal: () => signal(),
    dumpSignal: () => dumpSignal(),
    breakDown: (error) => breakDown(error),
  };
}

const serverThat = (parts: Partial<RunningServer> = {}): StartServer => {
  const server: RunningServer = {
    url: "http://127.0.0.1:8080/",
    webApis: [],
    plazaAddresses: ["ws://127.0.0.1:8080/mqtt", "mqtt://127.0.0.1:1883"],
    residents: ["alice", "bob"],
    recover: () => false,
    dump: async () => {},
    stop: async () => {},
    ...parts,
  };
  return async () => accept(server);
};
const never: StartServer = () => new Promise<Outcome<RunningServer>>(() => {});

test("a start shows where to go, the plaza and who lives here", async () => {
  const here = fakeProcess();
  await run(here, serverThat());
  const [shown] = here.printed;
  for (const part of ["http://127.0.0.1:8080/", "mqtt://127.0.0.1:1883", "alice, bob"]) {
    expect(shown).toContain(part);
  }
  expect(here.complaints).toEqual([]);
});

test("help is printed and nothing is started", async () => {
  const here = fakeProcess("--help");
  await run(here, never);
  expect(here.printed[0]).toContain("--port PORT");
  expect(await here.ended).toBe(0);
});

test("a bad option and a failed start are one line on stderr and a failure", async () => {
  const typo = fakeProcess("--prot 80");
  await run(typo, never);
  expect(await typo.ended).toBe(1);
  expect(typo.complaints).toEqual([`nara-tab: unknown option "--prot" (see --help)`]);

  const taken = fakeProcess();
  await run(taken, async () => refuse("port 8080\non 127.0.0.1 is already in use"));
  expect(await taken.ended).toBe(1);
  expect(taken.complaints).toEqual(["nara-tab: port 8080 on 127.0.0.1 is already in use"]);
  expect(taken.printed).toEqual([]);
});

test("a signal stops the server and leaves in peace", async () => {
  let stopped = false;
  const here = fakeProcess();
  await run(
    here,
    serverThat({
      stop: async () => {
        stopped = true;
      },
    }),
  );
  here.signal();
  expect(await here.ended).toBe(0);
  expect(stopped).toBe(true);
});

test("memories are written when a signal asks for them, where an option says where to", async () => {
  let dumps = 0;
  const server = serverThat({
    dump: async () => {
      dumps += 1;
    },
  });
  const forgetful = fakeProcess();
  await run(forgetful, server);
  forgetful.dumpSignal();
  expect(dumps).toBe(0);

  const here = fakeProcess("--dump memories.jsonl");
  await run(here, server);
  here.dumpSignal();
  here.dumpSignal();
  expect(dumps).toBe(2);
});

test("a second signal does not wait", async () => {
  const here = fakeProcess();
  await run(here, serverThat({ stop: () => new Promise(() => {}) }));
  here.signal();
  here.signal();
  expect(await here.ended).toBe(1);
});

test("an error that nobody caught is repaired if it can be, else it ends the process", async () => {
  const repaired: unknown[] = [];
  const here = fakeProcess();
  await run(
    here,
    serverThat({
      recover: (error) => {
        repaired.push(error);
        return error instanceof RangeError;
      },
    }),
  );
  here.breakDown(new RangeError("stack"));
  expect(here.complaints).toEqual([]);
  here.breakDown(new TypeError("a bug"));
  expect(await here.ended).toBe(1);
  expect(repaired.length).toBe(2);
  expect(here.complaints).toEqual(["nara-tab broke: TypeError: a bug"]);
});
