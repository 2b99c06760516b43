/**
 * The plaza's news that a postcard is home. Nobody signs it, so it counts only for a journey that
 * came by here and is not over (docs/protocol/mesh-runtime-checkpoints.md §2, Hearing it).
 */
import { decodeGo, list, omitEmpty, struct, text, type ValueOf } from "../../codec/go-types.ts";
import { type Postcard, postcardHop } from "../../mesh/postcard.ts";

export const noticeTopic = "nara/plaza/journey_complete";

export const journeyNotice = struct({
  journey_id: text,
  originator: text,
  reported_by: text,
  message: omitEmpty(text),
  hops: omitEmpty(list(postcardHop)),
});

export type JourneyNotice = ValueOf<typeof journeyNotice>;

export const noticeOf = (card: Postcard, reportedBy: string): JourneyNotice => ({
  journey_id: card.id,
  originator: card.originator,
  reported_by: reportedBy,
  message: card.message,
  hops: card.hops,
});

/** A notice as it came; undefined when it is not one, or my own. */
export function readNotice(source: string, me: string): JourneyNotice | undefined {
  const read = decodeGo(journeyNotice, source);
  if (!read.ok) return undefined;
  const { journey_id, originator, reported_by } = read.value;
  return journey_id === "" || originator === "" || reported_by === me ? undefined : read.value;
}
