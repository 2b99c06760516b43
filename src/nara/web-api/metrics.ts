/** `/metrics`, in Prometheus' text format. (docs/protocol/ui-and-api.md §b) */
import { utf8 } from "../codec/utf8.ts";
import type { MeshResponse } from "../mesh/http.ts";
import { everybody, type Known } from "./naras.ts";
import type { WebApiParts, WebRoute } from "./parts.ts";

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export const metricsRoute = (parts: WebApiParts): WebRoute => ({
  path: "/metrics",
  answer: () => metricsAnswer([...ofNaras(everybody(parts)), ...ofMine(parts)]),
});

function ofNaras(naras: readonly Known[]): readonly Metric[] {
  const each = (value: (nara: Known) => number): readonly Sample[] =>
    naras.map((nara) => ({ labels: { name: nara.name }, value: value(nara) }));
  const known = (value: (nara: Known) => number): readonly Sample[] =>
    each(value).filter((sample) => sample.value > 0);
  const traits = ["chill", "sociability", "agreeableness"] as const;
  return [
    {
      ...gauge("nara_info", "how a nara looks"),
      samples: naras.map(({ name, status }) => ({
        labels: { name, flair: status.flair, license_plate: status.licensePlate },
        value: 1,
      })),
    },
    {
      ...gauge("nara_online", "1 while it is here"),
      samples: each(({ observation }) => (observation.online === "ONLINE" ? 1 : 0)),
    },
    { ...gauge("nara_buzz", "excitement"), samples: each(({ status }) => status.buzz) },
    {
      ...gauge("nara_chattiness", "how much it talks"),
      samples: each(({ status }) => status.chattiness),
    },
    {
      ...gauge("nara_last_seen", "last sign of life, Unix seconds"),
      samples: known(({ observation }) => observation.lastSeenS),
    },
    {
      ...gauge("nara_last_restart", "last restart, Unix seconds"),
      samples: known(({ observation }) => observation.lastRestartS),
    },
    {
      ...gauge("nara_start_time", "first seen, Unix seconds"),
      samples: known(({ observation }) => observation.startTimeS),
    },
    {
      ...gauge("nara_uptime_seconds", "how long its host is up"),
      samples: known(({ status }) => status.hostStats.uptimeS),
    },
    {
      ...counter("nara_restarts_total", "restarts"),
      samples: each(({ observation }) => observation.restarts),
    },
    {
      ...gauge("nara_personality", "a trait, 0 to 100"),
      samples: naras.flatMap(({ name, status }) =>
        traits.map((trait) => ({ labels: { name, trait }, value: status.personality[trait] })),
      ),
    },
    {
      ...gauge("nara_memory_alloc_mb", "heap in use, MB"),
      samples: known(({ status }) => status.hostStats.memAllocMb),
    },
    {
      ...gauge("nara_memory_sys_mb", "memory of the process, MB"),
      samples: known(({ status }) => status.hostStats.memSysMb),
    },
    {
      ...gauge("nara_memory_heap_mb", "heap, MB"),
      samples: known(({ status }) => status.hostStats.memHeapMb),
    },
    {
      ...gauge("nara_memory_stack_mb", "stacks, MB"),
      samples: known(({ status }) => status.hostStats.memStackMb),
    },
    {
      ...gauge("nara_goroutines", "goroutines"),
      samples: known(({ status }) => status.hostStats.numGoroutines),
    },
    {
      ...counter("nara_gc_cycles_total", "garbage collections"),
      samples: known(({ status }) => status.hostStats.numGc),
    },
  ];
}

function ofMine({ ledger, projections, journeys }: WebApiParts): readonly Metric[] {
  const teasers = [...projections.teases.givenByName()];
  const teased = new Set(
    ledger
      .byService("social")
      .filter(({ payload }) => payload.type === "tease")
      .map(({ payload }) => payload.target),
  );
  return [
    {
      ...gauge("nara_events_total", "events in memory"),
      samples: [...ledger.countsByService()].map(([service, value]) => ({
        labels: { service },
        value,
      })),
    },
    {
      ...counter("nara_teases_given_total", "teases by a nara"),
      samples: teasers.map(([name, value]) => ({ labels: { name }, value })),
    },
    {
      ...counter("nara_teases_received_total", "teases of a nara"),
      samples: [...teased].map((name) => ({
        labels: { name },
        value: projections.teases.received(name),
      })),
    },
    {
      ...counter("nara_journeys_completed_total", "postcards that came home"),
      samples: [{ labels: {}, value: journeys?.().length ?? 0 }],
    },
  ];
}

const gauge = (name: string, help: string) => ({ name, help, type: "gauge" as const });
const counter = (name: string, help: string) => ({ name, help, type: "counter" as const });

function metricsAnswer(metrics: readonly Metric[]): MeshResponse {
  const lines = metrics.flatMap(({ name, help, type, samples }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ labels, value }) => `${name}${labelsShown(labels)} ${value}`),
  ]);
  return {
    status: 200,
    headers: new Map([["content-type", "text/plain; charset=utf-8"]]),
    body: utf8(`${lines.join("\n")}\n`),
  };
}

function labelsShown(labels: Sample["labels"]): string {
  const shown = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return shown.length === 0 ? "" : `{${shown.join(",")}}`;
}

/** The reference does not: a name could end its line and begin another. */
const escaped = (text: string): string =>
  text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replace(/\p{Cc}/gu, "");
