/**
 * `POST /events/sync`: a request read, the events chosen, the answer signed.
 * (docs/protocol/events-and-ledger.md §6)
 *
 * | mode | gives |
 * |---|---|
 * | `sample` | a hazy memory (sample.ts) |
 * | `page` | all, page by page (page.ts) |
 * | `recent` | the latest (recent.ts) |
 * | anything else | every n-th (slices.ts) |
 */
import { decodeGoStream, type ValueOf } from "../codec/go-types.ts";
import { syncRequest } from "../events/carriers.ts";
import type { SyncEvent } from "../events/sync-event.ts";
import { maxSyncEvents } from "../limits.ts";
import type { Random } from "../ports.ts";
import { eventPage, type Page } from "./page.ts";
import { recentEvents } from "./recent.ts";
import { sampleEvents } from "./sample.ts";
import type { Author } from "./signed-list.ts";
import { eventSlice } from "./slices.ts";
import { writeSyncResponse } from "./sync-response.ts";

export interface Answerer extends Author {
  readonly nowNs: bigint;
  readonly random: Pick<Random, "bytes">;
}

/** As the HTTP layer sends it. */
export interface HttpAnswer {
  readonly status: 200 | 400 | 403 | 405;
  readonly contentType: string;
  readonly body: string;
}

/** How many events `recent` gives to who asks for none, or for too many (§6). */
const recentPreset = 100;

export interface SyncAsked {
  readonly method: string;
  readonly body: string;
  /** Who proved to ask, and must have written the body; not compared where absent. */
  readonly sender?: string;
}

/** @param events all that may be handed on; nobody is told what was only heard say. */
export function answerSync(
  request: SyncAsked,
  events: Iterable<SyncEvent>,
  answerer: Answerer,
): HttpAnswer {
  if (request.method !== "POST") return failed(405, "Method not allowed");
  const asked = decodeGoStream(syncRequest, request.body);
  if (!asked.ok) return failed(400, "Invalid JSON");
  if (asked.value.from === "") return failed(400, "from is required");
  const { sender = asked.value.from } = request;
  if (asked.value.from !== sender) return failed(403, "from is not the sender");
  const page = choose(asked.value, events, answerer);
  return {
    status: 200,
    contentType: "application/json; charset=utf-8",
    body: `${writeSyncResponse(page, answerer, answerer.nowNs)}\n`,
  };
}

function choose(
  asked: ValueOf<typeof syncRequest>,
  events: Iterable<SyncEvent>,
  { name: me, nowNs, random }: Answerer,
): Page {
  switch (asked.mode) {
    case "sample": {
      const size = sizeOf(asked.sample_size, maxSyncEvents);
      return whole(sampleEvents(events, size, { me, nowNs, random }, asked));
    }
    case "page":
      return eventPage(events, asked.cursor, sizeOf(asked.page_size, maxSyncEvents), asked);
    case "recent":
      return whole(recentEvents(events, sizeOf(asked.limit, recentPreset), asked));
    default:
      return whole(
        eventSlice(
          events,
          {
            sinceNs: asked.since_time,
            index: asked.slice_index,
            total: asked.slice_total,
            most: sizeOf(asked.max_events, maxSyncEvents),
          },
          asked,
        ),
      );
  }
}

/** Out of 1 to 5000, the preset counts. */
const sizeOf = (asked: bigint, preset: number): number =>
  asked <= 0n || asked > BigInt(maxSyncEvents) ? preset : Number(asked);

const whole = (events: readonly SyncEvent[]): Page => ({ events, nextCursor: "" });

/** Go's text errors end in a newline. */
const failed = (status: 400 | 403 | 405, why: string): HttpAnswer => ({
  status,
  contentType: "text/plain; charset=utf-8",
  body: `${why}\n`,
});
