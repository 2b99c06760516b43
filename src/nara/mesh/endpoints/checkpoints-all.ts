/** `/api/checkpoints/all`: the old way to fetch every checkpoint, by offset. (mesh-runtime-checkpoints §1) */
import { bool, int64, list, struct, text } from "../../codec/go-types.ts";
import { toWire, wireEvent } from "../../events/sync-event.ts";
import { jsonAnswer } from "../answers.ts";
import type { Endpoint, MeshParts } from "../endpoint.ts";
import { queryValue } from "../target.ts";

export const checkpointsAnswer = struct({
  /** Null without any checkpoint at all. */
  checkpoints: list(wireEvent),
  count: int64,
  has_more: bool,
  limit: int64,
  offset: int64,
  server: text,
  total: int64,
});

/** §1. */
const usualLimit = 1000n;
const highestLimit = 10_000n;

export const checkpointsAllEndpoint = ({
  me,
  ledger,
}: Pick<MeshParts, "me" | "ledger">): Endpoint => ({
  path: "/api/checkpoints/all",
  isAuthenticated: false,
  onlyReads: true,
  maxBodyBytes: 0,
  answer({ rawQuery }) {
    const asked = wholeNumber(queryValue(rawQuery, "limit"), 1n, usualLimit);
    const limit = asked > highestLimit ? highestLimit : asked;
    const offset = wholeNumber(queryValue(rawQuery, "offset"), 0n, 0n);
    const all = provenCheckpoints(ledger);
    const first = Math.min(Number(offset), all.length);
    const page = all.slice(first, first + Number(limit));
    return jsonAnswer(checkpointsAnswer, {
      checkpoints: all.length === 0 ? null : page.map(toWire),
      count: BigInt(page.length),
      has_more: first + page.length < all.length,
      limit,
      offset,
      server: me.name,
      total: BigInt(all.length),
    });
  },
});

/** The gate takes no others; whoever asks is told nothing else even if one got in. */
const provenCheckpoints = (ledger: Pick<MeshParts["ledger"], "byService" | "standingOf">) =>
  ledger.byService("checkpoint").filter(({ id }) => ledger.standingOf(id)?.tier === "proven");

/** As Go reads it; `otherwise` when it is none, or less than `least`. */
function wholeNumber(written: string, least: bigint, otherwise: bigint): bigint {
  if (!/^[+-]?\d{1,40}$/.test(written)) return otherwise;
  const value = BigInt(written.replace(/^\+/, ""));
  return value >= least && BigInt.asIntN(64, value) === value ? value : otherwise;
}
