/** What the relay tells a nara of those who can be asked through it. (docs/tunnel.md §5) */
import { utf8 } from "../../nara/codec/utf8.ts";
import type { MeshHint } from "../../nara/mesh/http.ts";
import { parseTarget, queryValue } from "../../nara/mesh/target.ts";
import type { Random } from "../../nara/ports.ts";
import { shuffled } from "../../nara/services/shuffled.ts";
import { directoryPath, directoryText, mostListed } from "../../tunnel/directory.ts";
import type { RequestHead } from "../../tunnel/frames.ts";
import type { Exchange, ExchangeListener } from "../../tunnel/streams.ts";
import { serveWhole } from "../../tunnel/whole.ts";
import { createTokenBucket } from "../token-bucket.ts";
import { createBudgets } from "./budgets.ts";
import { directoryQuestions, maxNames } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { deaf } from "./question.ts";

/** Some who know where naras are. */
export interface Known {
  all(): Iterable<MeshHint>;
  named(name: string): MeshHint | undefined;
}

export interface DirectoryParts {
  readonly nowMs: () => number;
  readonly random: Pick<Random, "fraction">;
  readonly metrics: Pick<Metrics, "refuse">;
  /** In order: of whom the first knows enough, the second is not asked. */
  readonly known: readonly Known[];
}

/** @param asker the name of who asks; it is never told of itself. */
export type Directory = (asker: string, head: RequestHead, exchange: Exchange) => ExchangeListener;

export function createDirectory({ nowMs, random, metrics, known }: DirectoryParts): Directory {
  const { perSecond, burst } = directoryQuestions;
  const budgets = createBudgets({
    nowMs,
    fullAfterMs: (burst / perSecond) * 1_000,
    most: maxNames,
    create: () => createTokenBucket(perSecond, burst, nowMs),
  });

  const about = (name: string): readonly MeshHint[] => {
    for (const { named } of known) {
      const listed = named(name);
      if (listed !== undefined) return [listed];
    }
    return [];
  };

  const some = (asker: string): readonly MeshHint[] => {
    const told = new Map<string, MeshHint>();
    for (const { all } of known) {
      const others = [...all()].filter(({ name }) => name !== asker && !told.has(name));
      const drawn = shuffled(others, random).slice(0, mostListed - told.size);
      for (const one of drawn) told.set(one.name, one);
    }
    return [...told.values()];
  };

  return (asker, head, exchange) => {
    const target = parseTarget(head.target);
    if (head.method !== "GET" || target?.path !== directoryPath) {
      exchange.cancel("forbidden");
      return deaf;
    }
    if (!budgets.of(asker).take(1)) {
      metrics.refuse("too many questions who is there");
      exchange.cancel("busy");
      return deaf;
    }
    const name = queryValue(target.rawQuery, "name");
    return serveWhole(exchange, 0, async () => {
      const body = utf8(directoryText(name === "" ? some(asker) : about(name)));
      const fields = [
        ["content-type", "application/json"],
        ["content-length", String(body.length)],
      ] as const;
      return { head: { status: 200, fields }, body };
    });
  };
}
