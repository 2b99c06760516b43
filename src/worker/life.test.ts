import { expect, test } from "vitest";
import { bindSoul, formatSoul } from "../nara/identity/soul.ts";
import { openManners } from "../nara/manners.ts";
import type { Command, CommandResult, HostState } from "./protocol.ts";
import { createProfile, createStage, hello, type Stage, type StagePage } from "./testing/stage.ts";

const seed = new Uint8Array(32).fill(7);
const zorroSoul = formatSoul(bindSoul(seed, "zorro"));

test("the first run mints a soul and keeps it; the next run lives on with it", async () => {
  const profile = createProfile();
  const first = createStage(profile);
  await visit(first);
  const kept = profile.values.stored.get("soul");
  expect(kept).toEqual({
    soul: first.troupe.first().who.soulText,
    name: first.troupe.first().who.name,
  });
  expect(first.troupe.first().who.bondValid).toBe(true);

  const second = createStage(createProfile({ soul: kept }));
  await visit(second);
  expect(second.troupe.first().who).toEqual(first.troupe.first().who);
});

test("two first runs at once end with one soul and one nara", async () => {
  const profile = createProfile();
  const [one, two] = [createStage(profile), createStage(profile)];
  one.open().say(hello);
  two.open().say(hello);
  await one.pass(100);
  const all = [...one.troupe.living(), ...two.troupe.living()];
  expect(all.map((actor) => actor.who.soulText)).toEqual([
    (profile.values.stored.get("soul") as { soul: string }).soul,
  ]);
});

test("another host of the profile waits elsewhere and takes over when the first one ends", async () => {
  const profile = createProfile({ soul: { soul: zorroSoul, name: "zorro" } });
  const [one, two] = [createStage(profile), createStage(profile)];
  const first = await visit(one);
  const second = await visit(two);
  expect(stateOf(second)).toEqual({ life: "elsewhere", name: "zorro" });
  expect(await ask(two, second, { type: "rename", name: "other" })).toEqual({
    ok: false,
    type: "refused",
    why: "zorro lives in another tab; say it there.",
  });

  await ask(one, first, { type: "rename", name: "diego" });
  first.say({ type: "leaving" });
  await one.pass(100);
  expect(one.troupe.living()).toEqual([]);
  expect(two.troupe.living().map((actor) => actor.who.name)).toEqual(["diego"]);
  expect(stateOf(second)).toMatchObject({ life: "living", view: { me: { name: "diego" } } });
});

test("a waiting host does not revive a soul that was replaced meanwhile", async () => {
  const profile = createProfile();
  const [one, two] = [createStage(profile), createStage(profile)];
  const first = await visit(one);
  const second = await visit(two);
  await ask(one, first, { type: "import-soul", soul: zorroSoul, name: "zorro" });
  await two.pass(100);
  expect(two.troupe.actors).toEqual([]);
  expect(stateOf(second)).toEqual({ life: "elsewhere", name: "zorro" });
});

test("a host whose only page left while it waited does not wake when the lock is free", async () => {
  const profile = createProfile();
  const [one, two] = [createStage(profile), createStage(profile)];
  const first = await visit(one);
  const second = await visit(two);
  second.say({ type: "leaving" });
  first.say({ type: "leaving" });
  await two.pass(100);
  expect(two.troupe.actors).toEqual([]);
  expect(await profile.locks.tryTake(`nara ${keyOf(one)}`)).toBeDefined();
});

const corrupt: readonly [string, unknown, string][] = [
  ["no soul's text", { soul: "0OIl", name: "zorro" }, "“0” cannot be part of one"],
  ["too short", { soul: "abc", name: "zorro" }, "its 3 characters do not hold 40 bytes"],
  ["an empty text", { soul: "", name: "zorro" }, "it is empty"],
  ["no record at all", 42, "not a soul with a name"],
  ["nothing but null", null, "not a soul with a name"],
  ["a name for topics", { soul: zorroSoul, name: "a/+/#" }, "“a/+/#” cannot be a name"],
];

test.each(corrupt)("stored %s: said so, and kept until chosen", async (_, stored, why) => {
  const profile = createProfile({ soul: stored });
  const stage = createStage(profile);
  const page = await visit(stage);
  expect(stateOf(page)).toMatchObject({
    life: "soul-unreadable",
    why: expect.stringContaining(why),
  });
  expect(await ask(stage, page, { type: "export-soul" })).toMatchObject({ ok: false });
  expect(await ask(stage, page, { type: "rename", name: "fox" })).toMatchObject({ ok: false });
  await ask(stage, page, { type: "inspect-soul", soul: zorroSoul, name: "zorro" });
  await ask(stage, page, { type: "import-soul", soul: "still no soul", name: "" });
  expect(profile.values.stored.get("soul")).toEqual(stored);
  expect(stage.troupe.actors).toEqual([]);

  expect(await ask(stage, page, { type: "start-anew" })).toEqual({ ok: true, type: "done" });
  expect(stateOf(page)).toMatchObject({ life: "living" });
  expect(profile.values.stored.get("soul")).not.toEqual(stored);
});

test("an unreadable soul gives way to an imported one", async () => {
  const stage = createStage(createProfile({ soul: "garbage" }));
  const page = await visit(stage);
  expect(stateOf(page)).toMatchObject({ stored: "garbage" });
  await ask(stage, page, { type: "import-soul", soul: zorroSoul, name: "zorro" });
  expect(stateOf(page)).toMatchObject({ life: "living", view: { me: { name: "zorro" } } });
});

test("of two tabs that show an unreadable soul, the second choice does not undo the first", async () => {
  const profile = createProfile({ soul: "garbage" });
  const [one, two] = [createStage(profile), createStage(profile)];
  const first = await visit(one);
  const second = await visit(two);
  await ask(one, first, { type: "start-anew" });
  const kept = profile.values.stored.get("soul");
  expect(await ask(two, second, { type: "start-anew" })).toMatchObject({ ok: false });
  expect(profile.values.stored.get("soul")).toEqual(kept);
  expect(stateOf(second)).toMatchObject({ life: "elsewhere" });
});

test("storage that cannot be read or written is said, and nothing lives", async () => {
  const profile = createProfile();
  profile.values.failWith("quota exceeded");
  const stage = createStage(profile);
  const page = await visit(stage);
  expect(stateOf(page)).toMatchObject({
    life: "soul-unreadable",
    why: expect.stringContaining("quota exceeded"),
  });
  expect(await ask(stage, page, { type: "start-anew" })).toEqual({
    ok: false,
    type: "refused",
    why: "This browser's storage could not be written: quota exceeded",
  });
  expect(stage.troupe.actors).toEqual([]);
});

test("renaming keeps the seed, makes a new bond, and says chau under the old name", async () => {
  const profile = createProfile({ soul: { soul: zorroSoul, name: "zorro" } });
  const stage = createStage(profile);
  const page = await visit(stage);
  expect(await ask(stage, page, { type: "rename", name: "diego" })).toEqual({
    ok: true,
    type: "done",
  });
  const [before, after] = stage.troupe.actors;
  expect(before!.asked).toEqual(["start", "stop"]);
  expect(after!.who).toMatchObject({ name: "diego", bondValid: true, soul: { seed } });
  expect(after!.who.soulText).not.toBe(zorroSoul);
  expect(profile.values.stored.get("soul")).toEqual({ soul: after!.who.soulText, name: "diego" });
  expect(stateOf(page)).toMatchObject({ life: "living", view: { me: { name: "diego" } } });
});

test.each([
  "",
  "Upper",
  "under_score",
  "-dash",
  "a".repeat(64),
  "ñandú",
  "a/b",
  "mynara",
  "debian-box",
])("“%s” is refused as a new name, and named", async (name) => {
  const stage = createStage();
  const page = await visit(stage);
  const answer = await ask(stage, page, { type: "rename", name });
  expect(answer).toMatchObject({ ok: false, why: expect.stringContaining(`“${name}”`) });
  expect(stage.troupe.actors).toHaveLength(1);
});

test("renaming to the present name changes nothing", async () => {
  const stage = createStage(createProfile({ soul: { soul: zorroSoul, name: "zorro" } }));
  const page = await visit(stage);
  expect(await ask(stage, page, { type: "rename", name: "zorro" })).toMatchObject({ ok: true });
  expect(stage.troupe.actors).toHaveLength(1);
});

test("a name that cannot be stored is not taken", async () => {
  const profile = createProfile();
  const stage = createStage(profile);
  const page = await visit(stage);
  profile.values.failWith("disk full");
  expect(await ask(stage, page, { type: "rename", name: "fox" })).toMatchObject({
    why: expect.stringContaining("disk full"),
  });
  expect(stage.troupe.living()).toHaveLength(1);
  expect(stage.troupe.first().asked).toEqual(["start"]);
});

test("a soul is exported and imported again, white space around it forgiven", async () => {
  const origin = createStage(createProfile({ soul: { soul: zorroSoul, name: "zorro" } }));
  const exported = await ask(origin, await visit(origin), { type: "export-soul" });
  expect(exported).toEqual({ ok: true, type: "soul", soul: zorroSoul, name: "zorro" });

  const stage = createStage();
  const page = await visit(stage);
  const before = stage.troupe.first();
  const soul = ` ${zorroSoul}\n`;
  expect(await ask(stage, page, { type: "inspect-soul", soul, name: "zorro" })).toMatchObject({
    type: "soul-inspected",
    name: "zorro",
    bondValid: true,
    same: false,
  });
  expect(stage.troupe.actors).toEqual([before]);
  await ask(stage, page, { type: "import-soul", soul, name: "zorro" });
  expect(stage.troupe.living().map((actor) => actor.who.name)).toEqual(["zorro"]);
  expect(before.asked).toEqual(["start", "stop"]);
  expect(await ask(stage, page, { type: "inspect-soul", soul, name: "zorro" })).toMatchObject({
    same: true,
  });
});

test("an import under another name is no refusal, but the broken bond shows", async () => {
  const stage = createStage();
  const page = await visit(stage);
  const inspected = await ask(stage, page, {
    type: "inspect-soul",
    soul: zorroSoul,
    name: "diego",
  });
  expect(inspected).toMatchObject({ name: "diego", bondValid: false });
  const unnamed = await ask(stage, page, { type: "inspect-soul", soul: zorroSoul, name: "" });
  expect(unnamed).toMatchObject({
    bondValid: false,
    name: expect.stringMatching(/^\w+-\w+-\d{3}$/),
  });
});

test("a name of the reference that we would not give is kept with the soul bonded to it", async () => {
  const stage = createStage();
  const page = await visit(stage);
  const soul = formatSoul(bindSoul(seed, "El_Zorro"));
  expect(await ask(stage, page, { type: "import-soul", soul, name: "El_Zorro" })).toMatchObject({
    ok: true,
  });
  expect(stage.troupe.living()[0]!.who.name).toBe("El_Zorro");
});

test("refusals never repeat a soul", async () => {
  const stage = createStage();
  const page = await visit(stage);
  const answer = await ask(stage, page, { type: "import-soul", soul: `${zorroSoul}0`, name: "" });
  expect(answer).toMatchObject({ ok: false });
  expect(JSON.stringify(answer)).not.toContain(zorroSoul.slice(0, 8));
});

test("the plaza is that of the page's server until another is set; the setting stays", async () => {
  const profile = createProfile();
  const stage = createStage(profile);
  const page = await visit(stage);
  expect(stage.troupe.first().plazaUrl).toBe("wss://plaza.example/mqtt");
  const url = "wss://elsewhere.example:9001/mqtt";
  expect(await ask(stage, page, { type: "set-plaza", url })).toMatchObject({ ok: true });
  expect(stage.troupe.first().asked).toEqual(["start", "stop"]);
  expect(stage.troupe.living().map((actor) => actor.plazaUrl)).toEqual([url]);
  expect(stateOf(page)).toMatchObject({ life: "living", settings: { plazaUrl: url } });

  const later = createStage(createProfile(Object.fromEntries(profile.values.stored)));
  await visit(later);
  expect(later.troupe.first().plazaUrl).toBe(url);
});

test("settings that cannot be used count as never set", async () => {
  for (const settings of [7, { plazaUrl: 7 }, { plazaUrl: "http://not-a-plaza" }]) {
    const stage = createStage(createProfile({ settings }));
    await visit(stage);
    expect(stage.troupe.first().plazaUrl).toBe("wss://plaza.example/mqtt");
  }
});

test("how much is remembered is what the device allows, until it is chosen; the choice stays", async () => {
  const profile = createProfile({}, 8);
  const stage = createStage(profile);
  const page = await visit(stage);
  expect(stage.troupe.first().memory()).toMatchObject({ mode: "medium", maxEvents: 80_000 });
  await ask(stage, page, { type: "set-plaza", url: "wss://elsewhere.example" });

  const choice = { mode: "custom", maxEvents: 1234 } as const;
  const told = await ask(stage, page, { type: "set-memory", choice });
  expect(told).toEqual({ ok: true, type: "done" });
  const actor = stage.troupe.actors.at(-1)!;
  expect(actor.memory()).toMatchObject({ mode: "custom", maxEvents: 1234 });
  expect(actor.asked).toEqual(["start"]);
  const settings = { plazaUrl: "wss://elsewhere.example", memory: choice };
  expect(stateOf(page)).toMatchObject({ settings });

  const later = createStage(createProfile({ settings: profile.values.stored.get("settings") }));
  expect(stateOf(await visit(later))).toMatchObject({ settings });
  expect(later.troupe.first().memory().maxEvents).toBe(1234);
});

test("how it talks is chosen while it lives, and the choice stays", async () => {
  const profile = createProfile({});
  const stage = createStage(profile);
  const page = await visit(stage);
  expect(stage.troupe.first().transport()).toBe("auto");
  expect((await ask(stage, page, { type: "set-transport", choice: "gossip" })).ok).toBe(true);
  expect(stage.troupe.first().transport()).toBe("gossip");
  expect(stage.troupe.first().asked).toEqual(["start"]);
  const shouting = { type: "set-transport", choice: "shouting" as "auto" } as const;
  expect((await ask(stage, page, shouting)).ok).toBe(false);

  const later = createStage(createProfile({ settings: profile.values.stored.get("settings") }));
  await visit(later);
  expect(later.troupe.first().transport()).toBe("gossip");
});

test("how it behaves is chosen while it lives, and the choice stays", async () => {
  const profile = createProfile({});
  const stage = createStage(profile);
  const page = await visit(stage);
  expect(stage.troupe.first().manners()).toEqual(openManners);
  const manners = {
    readOnly: false,
    stealth: true,
    quietHours: { fromMinute: 1380, toMinute: 420 },
  };
  expect((await ask(stage, page, { type: "set-manners", manners })).ok).toBe(true);
  expect(stage.troupe.first().manners()).toEqual(manners);
  expect(stage.troupe.first().asked).toEqual(["start"]);
  const never = { ...manners, quietHours: { fromMinute: 0, toMinute: 1440 } };
  expect((await ask(stage, page, { type: "set-manners", manners: never })).ok).toBe(false);

  const later = createStage(createProfile({ settings: profile.values.stored.get("settings") }));
  await visit(later);
  expect(later.troupe.first().manners()).toEqual(manners);
});

test("whether others may look in is chosen while it lives, off at first, and the choice stays", async () => {
  const profile = createProfile({});
  const stage = createStage(profile);
  const page = await visit(stage);
  expect(stage.troupe.first().letsLookIn()).toBe(false);
  expect((await ask(stage, page, { type: "set-look-in", letsLookIn: true })).ok).toBe(true);
  expect(stage.troupe.first().letsLookIn()).toBe(true);
  expect(stage.troupe.first().asked).toEqual(["start"]);
  expect(stateOf(page)).toMatchObject({ settings: { letsLookIn: true } });
  const perhaps = { type: "set-look-in", letsLookIn: "perhaps" as unknown as boolean } as const;
  expect((await ask(stage, page, perhaps)).ok).toBe(false);

  const later = createStage(createProfile({ settings: profile.values.stored.get("settings") }));
  await visit(later);
  expect(later.troupe.first().letsLookIn()).toBe(true);
});

test("a choice that cannot be lived by is refused, and kept for the next waking", async () => {
  const profile = createProfile({});
  const stage = createStage(profile);
  const page = await visit(stage);
  stage.troupe.first().refuseLooks("it could not be loaded");
  const result = await ask(stage, page, { type: "set-look-in", letsLookIn: true });
  expect(result).toEqual({ ok: false, type: "refused", why: "it could not be loaded" });
  expect(stage.troupe.first().letsLookIn()).toBe(false);
  expect(profile.values.stored.get("settings")).toMatchObject({ letsLookIn: true });
});

test("a tease is answered with its words, or with why not", async () => {
  const stage = createStage();
  const page = await visit(stage);
  const teased = { ok: true, type: "teased", words: "teases fox", way: "hand", isKept: true };
  expect(await ask(stage, page, { type: "tease", name: "fox" })).toEqual(teased);
  const refused = { ok: false, type: "refused", why: "nobody is not here" };
  expect(await ask(stage, page, { type: "tease", name: "nobody" })).toEqual(refused);
});

test("a game is answered with how it went, or with why there was none", async () => {
  const stage = createStage();
  const page = await visit(stage);
  const played = { name: "fox", mine: "rock", theirs: "scissors", outcome: "won" };
  const game = { ok: true, type: "played", played };
  expect(await ask(stage, page, { type: "play", name: "fox", hand: "rock" })).toEqual(game);
  const refused = { ok: false, type: "refused", why: "nobody is not here." };
  expect(await ask(stage, page, { type: "play", name: "nobody", hand: "rock" })).toEqual(refused);
  const well = { type: "play", name: "fox", hand: "well" } as unknown as Command;
  expect(await ask(stage, page, well)).toMatchObject({ ok: false });
});

test("checkpoints are told, and asking for one is answered with why not", async () => {
  const stage = createStage();
  const page = await visit(stage);
  const told = await ask(stage, page, { type: "checkpoints", name: "fox" });
  expect(told).toMatchObject({ ok: true, type: "checkpoints", chain: [{ id: "of fox" }] });
  const none = { ok: true, type: "checkpoints", chain: [] };
  expect(await ask(stage, page, { type: "checkpoints", name: "nobody" })).toEqual(none);
  const why = "it takes 6 neighbours, and 0 are here.";
  expect(await ask(stage, page, { type: "ask-checkpoint" })).toEqual({
    ok: false,
    type: "refused",
    why,
  });
});

test("of settings that are half unreadable the other half counts", async () => {
  const kept = { plazaUrl: "wss://elsewhere.example/", memory: { mode: "elephant" } };
  const page = await visit(createStage(createProfile({ settings: kept })));
  expect(stateOf(page)).toMatchObject({
    settings: { plazaUrl: kept.plazaUrl, memory: { mode: "auto" } },
  });
});

test("a number of memories out of bounds is refused, and so is a page of none", async () => {
  const stage = createStage();
  const page = await visit(stage);
  for (const maxEvents of [0, 999, 1_000_001, 1234.5, Number.NaN]) {
    const choice = { mode: "custom", maxEvents } as const;
    expect((await ask(stage, page, { type: "set-memory", choice })).ok).toBe(false);
  }
  const query = { kinds: [], name: "", cursor: "", limit: 0 };
  expect((await ask(stage, page, { type: "recall", query })).ok).toBe(false);
  expect(stage.troupe.first().memory().mode).toBe("short");
});

test("a postcard is sent by the nara, held up by nothing, and its refusal is told", async () => {
  const stage = createStage();
  const page = await visit(stage);
  expect(await ask(stage, page, { type: "send-postcard", message: "hello" })).toEqual({
    ok: true,
    type: "done",
  });
  expect(await ask(stage, page, { type: "send-postcard", message: "" })).toEqual({
    ok: false,
    type: "refused",
    why: "there is nothing on it",
  });
  const tooLong = { type: "send-postcard", message: "x".repeat(5000) } as const;
  expect((await ask(stage, page, tooLong)).ok).toBe(false);
});

test("a note is left with friends and read again; that nobody takes it is told", async () => {
  const stage = createStage();
  const page = await visit(stage);
  const none = { ok: true, type: "note", note: null, earlier: null };
  expect(await ask(stage, page, { type: "read-note" })).toEqual(none);
  expect(await ask(stage, page, { type: "write-note", text: "hello" })).toEqual({
    ok: true,
    type: "done",
  });
  expect(await ask(stage, page, { type: "read-note" })).toMatchObject({ note: { text: "hello" } });
  expect(await ask(stage, page, { type: "write-note", text: "alone" })).toEqual({
    ok: false,
    type: "refused",
    why: "No friend keeps it yet: nobody is here.",
  });
  const tooLong = { type: "write-note", text: "x".repeat(8193) } as const;
  expect((await ask(stage, page, tooLong)).ok).toBe(false);
});

test("memories are told while a slower command is under way", async () => {
  const stage = createStage();
  const page = await visit(stage);
  stage.troupe.first().hang();
  page.say({ type: "command", id: 1, command: { type: "start-anew" } });
  const query = { kinds: [], name: "", cursor: "", limit: 50 };
  page.say({ type: "command", id: 2, command: { type: "recall", query } });
  page.say({ type: "command", id: 3, command: { type: "why", name: "fox" } });
  await stage.pass(1);
  const results = page.heard.filter(({ type }) => type === "result");
  expect(results).toMatchObject([
    { id: 2, result: { ok: true, type: "recalled", page: { cursor: "second", total: 2 } } },
    { id: 3, result: { ok: true, type: "beliefs", beliefs: [{ total: 3 }] } },
  ]);
});

test("commands given at once are obeyed one after the other", async () => {
  const stage = createStage();
  const page = await visit(stage);
  const names = ["a1", "b2", "c3"];
  names.forEach((name, at) => {
    page.say({ type: "command", id: at, command: { type: "rename", name } });
  });
  await stage.pass(100);
  expect(stage.troupe.living().map((actor) => actor.who.name)).toEqual(["c3"]);
  expect(stage.troupe.actors.slice(0, -1).every((actor) => actor.asked.at(-1) === "stop")).toBe(
    true,
  );
});

test("when the last page leaves in the middle of a change, nothing is left living", async () => {
  const stage = createStage();
  const page = await visit(stage);
  page.say({ type: "command", id: 1, command: { type: "start-anew" } });
  page.say({ type: "leaving" });
  await stage.pass(10_000);
  expect(stage.troupe.living()).toEqual([]);
  const lockFree = await stage.locks.tryTake(`nara ${keyOf(stage)}`);
  expect(lockFree).toBeDefined();
});

test("a nara that will not stop does not hold up the next", async () => {
  const stage = createStage();
  const page = await visit(stage);
  stage.troupe.first().hang();
  page.say({ type: "command", id: 1, command: { type: "start-anew" } });
  await stage.pass(2900);
  expect(stage.troupe.actors).toHaveLength(1);
  await stage.pass(200);
  expect(stage.troupe.actors).toHaveLength(2);
});

async function visit(stage: Stage): Promise<StagePage> {
  const page = stage.open();
  page.say(hello);
  await stage.pass(20);
  return page;
}

async function ask(stage: Stage, page: StagePage, command: Command): Promise<CommandResult> {
  const id = page.heard.length + 1000;
  page.say({ type: "command", id, command });
  await stage.pass(20);
  const answer = page.heard.find((message) => message.type === "result" && message.id === id);
  if (answer?.type !== "result") throw new Error(`no answer to ${command.type}`);
  return answer.result;
}

function stateOf(page: StagePage): HostState | undefined {
  const states = page.heard.flatMap((message) => (message.type === "state" ? [message.state] : []));
  return states.at(-1);
}

function keyOf(stage: Stage): string {
  return stage.troupe.maker.publicKeyOf(stage.troupe.first().who);
}
