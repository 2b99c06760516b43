/**
 * `/gossip/zine`: news for news. A zine is its bringer's own and of now; every event in it has to
 * pass the gate. (docs/protocol/events-and-ledger.md §7)
 */
import { decodeBase64 } from "../../codec/base64.ts";
import { maxBatchBytes } from "../../limits.ts";
import type { DropReason } from "../../runtime/drops.ts";
import { createRateLimit } from "../../runtime/rate-limit.ts";
import { inTurns } from "../../sync/carried-list.ts";
import {
  judgeZine,
  printZine,
  readZineInPieces,
  saysChau,
  type Zine,
  zineClaim,
} from "../../sync/zine.ts";
import { jsonText, methodNotAllowed, notTheSender, textAnswer, tooMuch } from "../answers.ts";
import { batchUnits, batchUnitsPerMinute } from "../batch-budget.ts";
import type { Endpoint, MeshParts } from "../endpoint.ts";
import { createNews } from "../tellable.ts";

type Parts = Pick<
  MeshParts,
  | "me"
  | "keyPair"
  | "clock"
  | "crypto"
  | "keyring"
  | "ledger"
  | "intake"
  | "onHeardFrom"
  | "onZine"
  | "isSecondHand"
  | "countDrop"
>;

export function gossipZineEndpoint(parts: Parts): Endpoint {
  const { me, keyPair, clock, crypto, keyring, ledger, intake } = parts;
  const allow = createRateLimit(clock, maxSenders);
  const newsAt = createNews(ledger, { me: me.name, isSecondHand: parts.isSecondHand });

  const isSigned = async (zine: Zine): Promise<boolean> => {
    const publicKey = decodeBase64(keyring.keyOf(zine.from) ?? "");
    const claim = publicKey === undefined ? undefined : zineClaim(zine, publicKey);
    return claim !== undefined && (await crypto.verify([claim]))[0] === true;
  };

  const refused = (reason: DropReason, text: string) => {
    parts.countDrop(reason);
    return textAnswer(403, text);
  };

  return {
    path: "/gossip/zine",
    isAuthenticated: true,
    onlyReads: false,
    maxBodyBytes: maxBatchBytes,
    async answer({ method, body, sender }) {
      if (method !== "POST") return methodNotAllowed();
      if (!allow(sender, batchUnitsPerMinute, batchUnits(body))) {
        parts.countDrop("rate_limited");
        return tooMuch();
      }
      const read = await inTurns(readZineInPieces(body), clock);
      if (!read.ok) {
        parts.countDrop(read.refusal);
        return textAnswer(400, "Invalid JSON");
      }
      const zine = read.value;
      if (zine.from === "") return textAnswer(400, "from is required");
      const verdict = judgeZine(zine, sender, clock.nowNs());
      if (!verdict.ok && verdict.refusal === "not_its_author") {
        parts.countDrop("not_its_author");
        return notTheSender();
      }
      if (!(await isSigned(zine))) return refused("invalid_signature", "Invalid signature");
      if (!verdict.ok) return refused(verdict.refusal, "Zine is not of now");

      for (const [reason, count] of zine.drops) {
        for (let each = 0; each < count; each++) parts.countDrop(reason);
      }
      await intake.take(zine.events, { path: "zine", from: sender });
      if (!saysChau(zine)) parts.onHeardFrom(sender, Number(zine.createdAtS));
      const nowNs = clock.nowNs();
      const news = newsAt(nowNs);
      parts.onZine?.({ taken: zine.ids.length, given: news.length });
      return jsonText(printZine(news, { name: me.name, keyPair }, nowNs));
    },
  };
}

/** Bringers whose zines are measured at a time. */
const maxSenders = 5000;
