import { expect, test } from "vitest";
import { dumpLines } from "../nara/backup/dump.ts";
import { newSyncEvent, type SyncEvent } from "../nara/events/sync-event.ts";
import type { CommandResult } from "./protocol.ts";
import { createProfile, createStage, hello, type Stage, type StagePage } from "./testing/stage.ts";

const tease = (at: number) =>
  newSyncEvent("social", BigInt(at + 1), { type: "tease", actor: "alice", target: "bob" });
const dumpOf = (events: readonly SyncEvent[], more = "") =>
  new Blob([...dumpLines(events), more], { type: "text/plain" });

test("memories become a file, one event a line, and come back from it in another browser", async () => {
  const [there, here] = [createStage(), createStage()];
  const events = Array.from({ length: 1200 }, (_, at) => tease(at));
  const from = await visit(there);
  await ask(there, from, { type: "import-events", dump: dumpOf(events) });

  const exported = await ask(there, from, { type: "export-events" });
  if (exported?.type !== "events-exported") throw new Error(exported?.type);
  expect(exported.events).toBe(1200);
  expect(await exported.dump.text()).toBe([...dumpLines(events)].join(""));

  const to = await visit(here);
  expect(await ask(here, to, { type: "import-events", dump: exported.dump })).toMatchObject({
    ok: true,
    type: "events-imported",
    report: { lines: 1200, remembered: 1200, refused: {}, bad: {} },
  });
  expect(here.troupe.first().memories).toEqual(events);
});

test("what is bad in a file and what is known already is told, the rest is remembered", async () => {
  const stage = createStage();
  const page = await visit(stage);
  await ask(stage, page, { type: "import-events", dump: dumpOf([tease(0)]) });
  const dump = dumpOf([tease(0), tease(1)], "nonsense\n");
  expect(await ask(stage, page, { type: "import-events", dump })).toMatchObject({
    report: { remembered: 1, refused: { duplicate: 1 }, firstBad: [{ line: 3 }] },
  });
});

test("an empty memory is an empty file", async () => {
  const stage = createStage();
  const result = await ask(stage, await visit(stage), { type: "export-events" });
  expect(result).toMatchObject({ type: "events-exported", events: 0 });
});

test("characters are whole however the file was cut into pieces", async () => {
  const stage = createStage();
  const page = await visit(stage);
  const events = Array.from({ length: 2000 }, (_, at) =>
    newSyncEvent("social", BigInt(at + 1), { type: "tease", actor: "río", target: "日本語🦊" }),
  );
  await ask(stage, page, { type: "import-events", dump: dumpOf(events) });
  expect(stage.troupe.first().memories).toEqual(events);
});

test("what is no file is refused, and so is a file where no nara lives", async () => {
  const stage = createStage();
  const page = await visit(stage);
  for (const dump of ["text", null, { size: 1 }]) {
    expect(await ask(stage, page, { type: "import-events", dump })).toMatchObject({
      type: "refused",
      why: expect.stringContaining("a file of memories"),
    });
  }
  const unreadable = createStage(createProfile({ soul: "garbage" }));
  const lost = await visit(unreadable);
  for (const type of ["export-events", "import-events"]) {
    expect(await ask(unreadable, lost, { type, dump: new Blob([]) })).toMatchObject({
      type: "refused",
      why: expect.stringContaining("no nara yet"),
    });
  }
});

test("a file is not poured into whoever came to live here meanwhile", async () => {
  const stage = createStage();
  const page = await visit(stage);
  const [poured] = await Promise.all([
    ask(stage, page, { type: "import-events", dump: dumpOf([tease(0)]) }),
    ask(stage, page, { type: "start-anew" }),
  ]);
  expect(poured).toMatchObject({
    type: "refused",
    why: expect.stringContaining("another nara lives here now"),
  });
  expect(stage.troupe.actors.map(({ memories }) => memories.length)).toEqual([0, 0]);
});

test("what is asked meanwhile need not wait for a long file", async () => {
  const stage = createStage();
  const page = await visit(stage);
  const dump = dumpOf(Array.from({ length: 5000 }, (_, at) => tease(at)));
  await Promise.all([
    ask(stage, page, { type: "import-events", dump }),
    ask(stage, page, { type: "export-soul" }),
  ]);
  const answers = page.heard.flatMap((said) => (said.type === "result" ? [said.result.type] : []));
  expect(answers).toEqual(["soul", "events-imported"]);
});

async function visit(stage: Stage): Promise<StagePage> {
  const page = stage.open();
  page.say(hello);
  await stage.pass(100);
  return page;
}

let commands = 0;

/** Files are read outside virtual time: as many turns of the event loop as it takes. */
async function ask(stage: Stage, page: StagePage, command: object): Promise<CommandResult> {
  const id = commands++;
  page.say({ type: "command", id, command });
  for (let turn = 0; turn < 10_000; turn++) {
    await stage.pass(1);
    for (const said of page.heard) if (said.type === "result" && said.id === id) return said.result;
    await new Promise((next) => setImmediate(next));
  }
  throw new Error(`no answer to ${JSON.stringify(command)}`);
}
