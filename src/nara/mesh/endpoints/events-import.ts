/**
 * `/api/events/import`: memories brought back by their owner, who signs with the same soul. The
 * answer is JSON even where it refuses, and unsigned. (mesh-runtime-checkpoints §1)
 */
import { base64Fault } from "../../codec/base64-fault.ts";
import { goDuration } from "../../codec/go-duration.ts";
import { bool, omitEmpty, safeInt, struct, text } from "../../codec/go-types.ts";
import { maxBatchBytes } from "../../limits.ts";
import { createRateLimit } from "../../runtime/rate-limit.ts";
import { inTurns } from "../../sync/carried-list.ts";
import {
  type ImportRequest,
  importAgeNs,
  importClaim,
  importWindowNs,
  readImportRequestInPieces,
} from "../../sync/import-request.ts";
import { jsonAnswer, methodNotAllowed } from "../answers.ts";
import { batchUnits, batchUnitsPerMinute } from "../batch-budget.ts";
import type { Endpoint, MeshParts } from "../endpoint.ts";
import type { MeshResponse } from "../http.ts";

export const importAnswer = struct({
  success: bool,
  imported: safeInt,
  duplicates: safeInt,
  /** Events that were refused. */
  warnings: omitEmpty(safeInt),
  error: omitEmpty(text),
});

type Parts = Pick<MeshParts, "me" | "keyPair" | "clock" | "crypto" | "intake" | "countDrop">;

export function eventsImportEndpoint(parts: Parts): Endpoint {
  const { me, keyPair, clock, crypto, intake, countDrop } = parts;
  // Anybody can send, and only the list as a whole shows whether it was the owner.
  const allow = createRateLimit(clock, 1);

  /** Undefined for the owner. */
  const whyNotOwner = async (request: ImportRequest): Promise<string | undefined> => {
    const nowNs = clock.nowNs();
    const ageNs = importAgeNs(request, nowNs);
    if (ageNs > importWindowNs || ageNs < -importWindowNs) {
      return `timestamp too old or in future: ${goDuration(ageNs)}`;
    }
    const fault = base64Fault(request.signature);
    if (fault !== undefined) {
      return `invalid signature encoding: illegal base64 data at input byte ${fault}`;
    }
    const claim = importClaim(request, keyPair.publicKey, nowNs);
    if (claim !== undefined && (await crypto.verify([claim]))[0] === true) return undefined;
    return "signature verification failed";
  };

  return {
    path: "/api/events/import",
    isAuthenticated: false,
    onlyReads: false,
    maxBodyBytes: maxBatchBytes,
    async answer({ method, body }) {
      if (method !== "POST") return methodNotAllowed();
      const cost = batchUnits(body);
      if (!allow(anybody, batchUnitsPerMinute, cost)) {
        countDrop("rate_limited");
        return refused(403, "Authentication failed: too many failed attempts");
      }
      const read = await inTurns(readImportRequestInPieces(body), clock);
      if (!read.ok) {
        countDrop(read.refusal);
        return refused(400, "Invalid JSON");
      }
      const request = read.value;
      const why = await whyNotOwner(request);
      if (why !== undefined) {
        countDrop("invalid_signature");
        return refused(403, `Authentication failed: ${why}`);
      }
      allow(anybody, batchUnitsPerMinute, -cost);
      for (const [reason, count] of request.drops) {
        for (let each = 0; each < count; each++) countDrop(reason);
      }
      const { added, dropped } = await intake.take(request.events, {
        path: "import",
        from: me.name,
      });
      const duplicates = dropped.get("duplicate") ?? 0;
      return answered(200, {
        success: true,
        imported: added,
        duplicates,
        warnings: request.ids.length - added - duplicates,
        error: "",
      });
    },
  };
}

/** Nobody has a name before the proof. */
const anybody = "";

type Report = Parameters<(typeof importAnswer)["print"]>[0];

const refused = (status: 400 | 403, error: string): MeshResponse =>
  answered(status, { success: false, imported: 0, duplicates: 0, warnings: 0, error });

const answered = (status: number, report: Report): MeshResponse =>
  jsonAnswer(importAnswer, report, { status, contentType: "application/json" });
