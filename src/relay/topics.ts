/** The topics of nara's plaza (docs/protocol/presence-and-life.md §1), and no others. */
import { isNameWeAccept } from "../nara/identity/names.ts";

const plazaTopics = new Set([
  "nara/plaza/hey_there",
  "nara/plaza/chau",
  "nara/plaza/howdy",
  "nara/plaza/social",
  "nara/plaza/journey_complete",
  "nara/plaza/stash_refresh",
  "nara/checkpoint/propose",
  "nara/checkpoint/vote",
  "nara/checkpoint/final",
]);

/** No topic of nara's has more levels than `nara/ledger/{name}/request`. */
const maxLevels = 4;

export function mayPublish(topic: string): boolean {
  if (plazaTopics.has(topic)) return true;
  const [root, kind, name, verb, ...rest] = topic.split("/");
  if (root !== "nara" || rest.length > 0 || name === undefined || !isNameWeAccept(name)) {
    return false;
  }
  if (kind === "newspaper") return verb === undefined;
  return kind === "ledger" && (verb === "request" || verb === "response");
}

/** Filters inside `nara/#`, wildcards included. */
export function maySubscribe(filter: string): boolean {
  const levels = filter.split("/");
  if (levels[0] !== "nara" || levels.length < 2 || levels.length > maxLevels) return false;
  return levels.every((level, index) => {
    if (level === "#") return index === levels.length - 1;
    return level === "+" || !/[+#\p{Cc}]/u.test(level);
  });
}
