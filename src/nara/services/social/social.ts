/**
 * Teasing: on sight, for a reason, after a look whether somebody else was quicker; or because my
 * person says so. Nobody is teased twice in five minutes, whoever wanted it.
 * (docs/protocol/presence-and-life.md §7; reasons: teases.ts; words: events/quips.ts)
 */
import { quip } from "../../events/quips.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import { createRateLimit } from "../../runtime/rate-limit.ts";
import { type Service, type ServiceContext, service } from "../../runtime/service.ts";
import type { Direct, Teased } from "../gossip/direct.ts";
import type { Neighbour } from "../presence/neighbourhood.ts";
import { createTeaseBook } from "./tease-book.ts";
import {
  saidByAnother,
  type TeaseReason,
  type Teaser,
  teaseReason,
  waitsForOthers,
} from "./teases.ts";

export interface SocialParts {
  /** Who I am. */
  readonly teaser: Teaser;
  neighbour(name: string): Neighbour | undefined;
  neighbours(): readonly Neighbour[];
  isInMyBarrio(neighbour: Neighbour): boolean;
  /** Not while booting, in quiet hours, or when I say nothing at all. */
  isInTheMood(): boolean;
  readonly tell: Direct["tell"];
  excite(by: number): void;
}

export interface Social {
  readonly service: Service;
  /** A neighbour was seen alive. @param before what I knew of it until then. */
  sawAlive(before: Neighbour | undefined, after: Neighbour): void;
  /** Teases a neighbour, once in five minutes. A refusal is a sentence for a person. */
  tease(name: string): Promise<Outcome<Teased>>;
}

/** Longest wait for somebody quicker (§7). */
const maxDelayMs = 5_000;
/** What a tease adds to buzz (§4). */
const buzzOfTease = 3;
/** Teases of mine, by whoever's wish: a machine at the door makes no machine of me. */
const teasesPerMinute = 10;
/** Between two teases on sight, so that a crowd does not drown in them; the reference has no such bound. */
const sightPauseMs = 120_000;
/** Neighbours whose last remark is remembered. */
const maxRemarks = 2_000;

export function createSocial(parts: SocialParts): Social {
  let tease: Social["tease"] = async () => refuse("this nara is not awake yet");
  let sawAlive: Social["sawAlive"] = () => {};

  const setUp = (nara: ServiceContext) => {
    const { me, clock, random, ledger } = nara;
    const nowS = (): number => Number(clock.nowNs() / 1_000_000_000n);
    const book = createTeaseBook(nowS);
    const may = createRateLimit(clock, 1);
    let sightAtMs = Number.NEGATIVE_INFINITY;
    /** Those who are just being teased, or will be in a moment. */
    const teasing = new Set<string>();
    /** What was remarked on last: a number stays nice, but once is enough. */
    const remarks = new Map<string, string>();

    const occasion = (before: Neighbour, after: Neighbour) => ({
      target: after.name,
      nowS: nowS(),
      restarts: after.observation.restarts,
      startTimeS: after.observation.startTimeS,
      online: after.observation.online,
      onlineBefore: before.observation.online,
      trend: after.status.trend,
      trendBefore: before.status.trend,
      shareOfTrendBefore:
        before.status.trend === after.status.trend
          ? 0
          : shareOf(before.status.trend, after, parts.neighbours()),
      isInMyBarrio: parts.isInMyBarrio(after),
    });

    const say = async (target: string, reason: TeaseReason): Promise<Outcome<Teased>> => {
      if (!may("any", teasesPerMinute)) {
        nara.countDrop("rate_limited");
        return refuse("so many teases in one minute? take a breath");
      }
      teasing.add(target);
      const payload = { type: "tease", actor: me.name, target, reason };
      const told = await parts.tell(target, {
        ...payload,
        ...{ actor_id: "", target_id: "", witness: "" },
      });
      teasing.delete(target);
      if (!told.ok) return told;
      book.tidy();
      book.record(me.name, target);
      parts.excite(buzzOfTease);
      return accept({ ...told.value, words: quip(reason, target) });
    };

    const isFree = (target: string): boolean =>
      !teasing.has(target) && book.mayTease(me.name, target);

    const isOldRemark = (reason: TeaseReason, { name, observation }: Neighbour): boolean => {
      if (reason !== "high-restarts" && reason !== "nice-number") return false;
      const remark = `${reason} ${observation.restarts}`;
      if (remarks.get(name) === remark) return true;
      remarks.delete(name);
      remarks.set(name, remark);
      const [oldest] = remarks.keys();
      if (remarks.size > maxRemarks && oldest !== undefined) remarks.delete(oldest);
      return false;
    };

    const unlessSaid = (target: string, reason: TeaseReason): void => {
      teasing.delete(target);
      const said = saidByAnother(
        ledger.about(target),
        { me: me.name, target, reason },
        clock.nowNs(),
      );
      if (!said && isFree(target) && parts.isInTheMood()) void say(target, reason);
    };

    sawAlive = (before, after) => {
      const target = after.name;
      if (before === undefined || !after.isMet || target === me.name) return;
      const nowMs = clock.monotonicMs();
      if (nowMs - sightAtMs < sightPauseMs || !isFree(target) || !parts.isInTheMood()) return;
      const reason = teaseReason(parts.teaser, occasion(before, after));
      if (reason === undefined || isOldRemark(reason, after)) return;
      sightAtMs = nowMs;
      teasing.add(target);
      const delayMs = waitsForOthers(reason) ? random.fraction() * maxDelayMs : 0;
      nara.after(delayMs, () => unlessSaid(target, reason));
    };

    tease = async (name) => {
      const known = parts.neighbour(name);
      if (name === me.name) return refuse("nobody teases oneself");
      if (known?.isMet !== true) return refuse(`you have not met ${name} yet`);
      if (!isFree(name)) {
        return refuse(`give ${name} a while: you teased it less than five minutes ago`);
      }
      return say(name, teaseReason(parts.teaser, occasion(known, known)) ?? "random");
    };
    return {};
  };

  return {
    service: service("social", [], setUp),
    sawAlive: (before, after) => sawAlive(before, after),
    tease: (name) => tease(name),
  };
}

/** Of all who are online, how many follow `trend`, 0–1; `seen` as it is now. */
function shareOf(trend: string, seen: Neighbour, all: readonly Neighbour[]): number {
  if (trend === "") return 0;
  const here = all
    .map((neighbour) => (neighbour.name === seen.name ? seen : neighbour))
    .filter(({ isMet, observation }) => isMet && observation.online === "ONLINE");
  if (here.length === 0) return 0;
  return here.filter(({ status }) => status.trend === trend).length / here.length;
}
