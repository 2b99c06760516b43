/** Counts for `/metrics`, in Prometheus' text format. */

export interface Metrics {
  add(name: Counter, amount: number): void;
  /** Something was not done, and why. */
  refuse(reason: string): void;
  /** A request to a nara was answered. */
  observeMs(tookMs: number): void;
  text(gauges: Readonly<Record<string, number>>): string;
  refusals(): ReadonlyMap<string, number>;
}

const counters = {
  requests: "Requests to naras that were answered.",
  request_bytes: "Body bytes of requests to naras.",
  response_bytes: "Body bytes of their answers.",
  neighbour_requests: "Requests from naras of this relay to others of it.",
  egress_requests: "Requests from naras to others elsewhere that were answered.",
  egress_bytes: "Their body bytes, both ways.",
} as const;
type Counter = keyof typeof counters;

/** Upper ends of the latency histogram, seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Reasons are ours, few and fixed; this only keeps a mistake from filling memory. */
const maxReasons = 100;

export function createMetrics(): Metrics {
  const counts = new Map<Counter, number>();
  const refused = new Map<string, number>();
  const observed = new Array<number>(buckets.length).fill(0);
  let sumS = 0;
  let answers = 0;
  return {
    add: (name, amount) => counts.set(name, (counts.get(name) ?? 0) + amount),
    refuse: (reason) => {
      if (refused.size < maxReasons || refused.has(reason)) {
        refused.set(reason, (refused.get(reason) ?? 0) + 1);
      }
    },
    observeMs: (tookMs) => {
      answers += 1;
      sumS += tookMs / 1_000;
      for (const [at, top] of buckets.entries()) {
        if (tookMs / 1_000 <= top) observed[at] = (observed[at] ?? 0) + 1;
      }
    },
    refusals: () => refused,
    text: (gauges) => {
      const lines = Object.entries(gauges).flatMap(([name, value]) => [
        `# TYPE nara_relay_${name} gauge`,
        `nara_relay_${name} ${value}`,
      ]);
      for (const [name, help] of Object.entries(counters)) {
        const full = `nara_relay_${name}_total`;
        const value = counts.get(name as Counter) ?? 0;
        lines.push(`# HELP ${full} ${help}`, `# TYPE ${full} counter`, `${full} ${value}`);
      }
      lines.push("# TYPE nara_relay_refusals_total counter");
      for (const [reason, count] of refused) {
        lines.push(`nara_relay_refusals_total{reason=${JSON.stringify(reason)}} ${count}`);
      }
      const took = "nara_relay_request_seconds";
      lines.push(`# TYPE ${took} histogram`);
      for (const [at, top] of buckets.entries()) {
        lines.push(`${took}_bucket{le="${top}"} ${observed[at] ?? 0}`);
      }
      lines.push(`${took}_bucket{le="+Inf"} ${answers}`);
      lines.push(`${took}_sum ${sumS}`, `${took}_count ${answers}`);
      return `${lines.join("\n")}\n`;
    },
  };
}
