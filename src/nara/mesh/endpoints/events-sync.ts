/** `/events/sync`: what I remember, for who wants to. (docs/protocol/events-and-ledger.md §6) */
import { utf8 } from "../../codec/utf8.ts";
import { maxFrameBytes } from "../../limits.ts";
import { answerSync } from "../../sync/sync-answer.ts";
import { textAnswer } from "../answers.ts";
import type { Endpoint, MeshParts } from "../endpoint.ts";
import { tellable } from "../tellable.ts";

type Parts = Pick<MeshParts, "me" | "keyPair" | "clock" | "random" | "ledger" | "countDrop">;

export const eventsSyncEndpoint = (parts: Parts): Endpoint => ({
  path: "/events/sync",
  isAuthenticated: true,
  onlyReads: true,
  maxBodyBytes: maxFrameBytes,
  answer({ method, body, sender }) {
    const { me, keyPair, clock, random, ledger } = parts;
    const answer = answerSync({ method, body, sender }, tellable(ledger), {
      name: me.name,
      keyPair,
      nowNs: clock.nowNs(),
      random,
    });
    if (answer.status === 403) parts.countDrop("not_its_author");
    if (answer.status !== 200) return textAnswer(answer.status, answer.body.trimEnd());
    return {
      status: 200,
      headers: new Map([["content-type", answer.contentType]]),
      body: utf8(answer.body),
    };
  },
});
