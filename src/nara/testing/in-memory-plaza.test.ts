import { expect, test } from "vitest";
import { plazaAcceptance } from "../../adapters/plaza/plaza-acceptance.ts";
import type { Clock } from "../ports.ts";
import { createInMemoryPlaza, topicMatches } from "./in-memory-plaza.ts";

plazaAcceptance("a plaza in memory", async () => {
  const memory = createInMemoryPlaza();
  const deserted = createInMemoryPlaza();
  deserted.down();
  const refusing = createInMemoryPlaza();
  refusing.refuseWith("wrong user or password");
  return {
    plaza: memory.plaza,
    deserted: deserted.plaza,
    refusing: refusing.plaza,
    seen: () =>
      memory.traffic.map(({ from, topic, payload, qos }) => ({
        clientId: from,
        topic,
        payload,
        qos,
        retain: false,
      })),
    keepsSession: (clientId) => (memory.clients().includes(clientId) ? false : undefined),
    retain: async (topic, payload) => memory.inject(topic, payload, { retained: true }),
    cut: (clientId) => memory.cut(clientId),
    stop: async () => memory.down(),
  };
});

test("filters match as MQTT says", () => {
  const matches: readonly (readonly [string, string, boolean])[] = [
    ["nara/plaza/howdy", "nara/plaza/howdy", true],
    ["nara/plaza/howdy", "nara/plaza/howdy/x", false],
    ["nara/+/howdy", "nara/plaza/howdy", true],
    ["nara/+", "nara/plaza/howdy", false],
    ["nara/#", "nara", true],
    ["nara/#", "nara/newspaper/alice", true],
    ["#", "nara/newspaper/alice", true],
    ["#", "$SYS/uptime", false],
    ["+/uptime", "$SYS/uptime", false],
    ["nara/newspaper/+", "nara/newspaper/", true],
  ];
  for (const [filter, topic, expected] of matches) {
    expect([filter, topic, topicMatches(filter, topic)]).toEqual([filter, topic, expected]);
  }
});

test("latency runs on the clock it was given", async () => {
  const tasks: { delayMs: number; task: () => void }[] = [];
  const clock: Clock = {
    nowNs: () => 0n,
    monotonicMs: () => 0,
    after: (delayMs, task) => {
      tasks.push({ delayMs, task });
      return () => {};
    },
    breathe: async () => {},
  };
  const memory = createInMemoryPlaza({ clock, latencyMs: 40 });
  const heard: string[] = [];
  const link = memory.plaza.connect({
    clientId: "alice",
    onOpen: () => heard.push("open"),
    onFrame: (frame) => heard.push(frame.topic),
    onClosed: () => heard.push("closed"),
  });
  const run = (): number[] =>
    tasks.splice(0).map(({ delayMs, task }) => {
      task();
      return delayMs;
    });
  expect(heard).toEqual([]);
  expect(run()).toEqual([40]);
  expect(heard).toEqual(["open"]);
  await link.subscribe("nara/#");
  run();
  memory.inject("nara/plaza/howdy", new Uint8Array([1]));
  expect(heard).toEqual(["open"]);
  expect(run()).toEqual([40]);
  expect(heard).toEqual(["open", "nara/plaza/howdy"]);
});
