/** One nara vouches that it came across another. (events-and-ledger §1, §2) */
import { omitEmpty, struct, text, type ValueOf } from "../codec/go-types.ts";
import { eventKind } from "./event-kind.ts";

const payload = struct({
  observer: omitEmpty(text),
  observer_id: omitEmpty(text),
  subject: omitEmpty(text),
  subject_id: omitEmpty(text),
  /** zine, mesh, ping, sync; nobody checks */
  via: text,
});

export type SeenPayload = ValueOf<typeof payload>;

const channels: ReadonlyMap<string, string> = new Map([
  ["zine", "between the lines of a zine"],
  ["mesh", "out on the mesh"],
  ["ping", "by its echo"],
  ["sync", "in somebody's memories"],
]);

export const seen = eventKind({
  payload,
  content: (p) => `seen:${p.observer}:${p.subject}:${p.via}`,
  refuse: (p) =>
    p.observer === "" || p.subject === "" || p.via === ""
      ? "observer, subject and via must be set"
      : undefined,
  covered: (p) =>
    p.observer_id === "" && p.subject_id === "" ? p : { ...p, observer_id: "", subject_id: "" },
  actor: (p) => p.observer,
  target: (p) => p.subject,
  words: (p) => [p.via],
  priority: () => 3,
  tell: (p) => ({
    icon: "👀",
    text: `${p.observer} came across ${p.subject}`,
    detail: channels.get(p.via) ?? `by way of ${p.via}`,
  }),
});
