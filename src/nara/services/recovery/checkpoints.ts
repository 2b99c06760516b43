/**
 * The checkpoints that neighbours keep, page by page, until five have told some. How many are asked,
 * for how many pages and how long is bounded, so that whoever never ends is left.
 * (docs/protocol/mesh-runtime-checkpoints.md §5, Boot sync; Weaknesses, endless cursor)
 */
import { maxSyncEvents } from "../../limits.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import { cursorAfter } from "../../sync/sync-response.ts";
import { patiently } from "./patiently.ts";
import { isMadeUp } from "./witnesses.ts";

export interface CheckpointsParts {
  readonly nara: Pick<ServiceContext, "mesh" | "take" | "clock" | "after">;
  /** Who is asked, in this order. */
  readonly names: readonly string[];
  onTaken(name: string, added: number): void;
  /** It never ended, or made its checkpoints up. */
  onGivenUp(name: string): void;
}

/** Neighbours that tell some (§5). */
const enough = 5;
/**
 * Neighbours asked in all. The reference asks everybody where nobody has any; they would be asked by
 * everybody who wakes.
 */
const mostAsked = 20;
/** Checkpoints of one page (§5). */
const pageSize = 1000;
/** A page takes along what shares the time of its last event (docs/differences.md, Lists of events). */
const mostOfPage = pageSize + maxSyncEvents;
/** A checkpoint a day for each of 500 naras fills these in two months; the rest comes from others. */
const mostPages = 30;
/** For all pages of one neighbour, with two rests when the way breaks: half of it at the reference's 10 s. */
const mostMs = 300_000;

/**
 * Ends when enough have told some, or enough were asked.
 *
 * @returns whether some could not be proven, for want of the id of a nara that they name.
 */
export async function fetchCheckpoints(parts: CheckpointsParts): Promise<boolean> {
  let told = 0;
  let lacksIds = false;
  for (const name of parts.names.slice(0, mostAsked)) {
    if (told === enough) break;
    const pages = await allPages(name, parts);
    if (pages.isEndless) parts.onGivenUp(name);
    else if (pages.count > 0) told++;
    lacksIds ||= pages.lacksIds;
  }
  return lacksIds;
}

interface Pages {
  /** Checkpoints that came. */
  readonly count: number;
  readonly isEndless: boolean;
  readonly lacksIds: boolean;
}

async function allPages(name: string, parts: CheckpointsParts): Promise<Pages> {
  const byCursor = await walk(name, parts, cursorWalk);
  const isEnd = byCursor.count > 0 || byCursor.isEndless;
  return isEnd ? byCursor : walk(name, parts, offsetWalk);
}

/** Asks for pages while each leads to a next. */
async function walk(
  name: string,
  parts: CheckpointsParts,
  start: (name: string, parts: CheckpointsParts) => PageReader,
): Promise<Pages> {
  const { nara } = parts;
  const readPage = start(name, parts);
  const endMs = nara.clock.monotonicMs() + mostMs;
  let count = 0;
  let lacksIds = false;
  for (let pages = 0; pages < mostPages && nara.clock.monotonicMs() < endMs; pages++) {
    const page = await readPage();
    if (page === undefined) return { count, isEndless: false, lacksIds };
    const taken = await nara.take(page.events, { path: "sync", from: name });
    parts.onTaken(name, taken.added);
    if (isMadeUp(taken)) return { count: 0, isEndless: true, lacksIds };
    lacksIds ||= taken.dropped.has("unknown_voter") || taken.dropped.has("unknown_subject");
    count += page.events.length;
    if (page.isLast) return { count, isEndless: false, lacksIds };
  }
  return { count, isEndless: true, lacksIds };
}

type Events = Parameters<ServiceContext["take"]>[0];

interface Page {
  readonly events: Events;
  readonly isLast: boolean;
}

/** Reads one page after the other; undefined when there is no answer to believe. */
type PageReader = () => Promise<Page | undefined>;

const cursorWalk = (name: string, { nara }: CheckpointsParts): PageReader => {
  let cursorNs = 0n;
  return async () => {
    const question = { mode: "page", services: ["checkpoint"], pageSize, cursorNs } as const;
    const answer = await patiently(nara, () => nara.mesh.client.sync(name, question));
    if (!answer.ok || answer.value.ids.length > mostOfPage) return undefined;
    const next = cursorAfter(answer.value, cursorNs);
    cursorNs = next ?? cursorNs;
    return { events: answer.value.events, isLast: next === undefined };
  };
};

const offsetWalk = (name: string, { nara }: CheckpointsParts): PageReader => {
  let offset = 0;
  return async () => {
    const answer = await patiently(nara, () =>
      nara.mesh.client.checkpoints(name, pageSize, offset),
    );
    if (!answer.ok || answer.value.ids.length > mostOfPage) return undefined;
    const { events, ids, hasMore } = answer.value;
    offset += ids.length;
    return { events, isLast: !hasMore || ids.length === 0 };
  };
};
