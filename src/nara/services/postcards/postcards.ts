/**
 * World postcards: a message goes from nara to nara, each stamps and signs it, and it comes home.
 *
 * | I am given | I do |
 * |---|---|
 * | words of my owner | write a postcard and hand it to the nara that counts for most |
 * | somebody's postcard | verify every hop, add mine, hand it on; the next best is tried in turn |
 * | my own postcard | verify every hop, keep it, tell the plaza |
 * | the plaza's news that one is home | note it, if it came by here |
 *
 * Handing on happens inside the request that brought the postcard, so whoever is refused tries
 * somebody else. Sources: docs/protocol/mesh-runtime-checkpoints.md §2; docs/differences.md.
 */
import { decodeBase64 } from "../../codec/base64.ts";
import type { Coordinate } from "../../identity/barrio.ts";
import type { AskRefusal } from "../../mesh/ask.ts";
import type { Postcard } from "../../mesh/postcard.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { Crypto, KeyPair } from "../../ports.ts";
import { createRateLimit } from "../../runtime/rate-limit.ts";
import { type Service, type ServiceContext, service } from "../../runtime/service.ts";
import type { PostcardsView } from "../../view.ts";
import { social } from "../presence/messages.ts";
import type { Neighbour } from "../presence/neighbourhood.ts";
import { createAlbum } from "./album.ts";
import { type Arrived, takeIn } from "./arrival.ts";
import { newPostcard } from "./chain.ts";
import {
  buzzOfHomecoming,
  buzzOfPassing,
  createJourneys,
  type JourneyReason,
  journeyPayload,
  journeySweepMs,
} from "./journeys.ts";
import { journeyComplete } from "./messages.ts";
import { noticeOf } from "./notice.ts";
import {
  type Carrier,
  forwardText,
  handOn,
  type NotTaken,
  nobodyText,
  rankNext,
  startText,
  stuckText,
} from "./route.ts";
import { whyNotWritten } from "./words.ts";

export interface PostcardsParts {
  /** My name. */
  readonly me: string;
  readonly keyPair: Pick<KeyPair, "sign">;
  readonly verify: Crypto["verify"];
  neighbours(): readonly Neighbour[];
  /** Where I am on the map of round trips. */
  place(): Coordinate | undefined;
  /** Something exciting happened, worth so much buzz. */
  excite(by: number): void;
  /** The view is another. */
  onChange(): void;
}

export interface Postcards {
  readonly service: Service;
  /**
   * Takes in what a peer brings (`MeshParts.carry`).
   *
   * @param sender who proved to bring it.
   */
  carry(card: Postcard, sender: string): Promise<Outcome<void>>;
  /**
   * Writes a postcard and hands it to its first carrier, for the owner alone. It may be home
   * before this resolves. A refusal is a sentence for the owner; then nothing is under way.
   */
  send(message: string): Promise<Outcome<Postcard>>;
  /** Mine that came home, the latest first. */
  home(): readonly Postcard[];
  view(): PostcardsView;
}

/** Postcards that one nara may bring in a minute: with each, I may write to three others. */
const perMinute = 30;
/** Bringers whose rate is watched at a time. */
const maxBringers = 1000;

export function createPostcards(parts: PostcardsParts): Postcards {
  const { me, onChange } = parts;
  const journeys = createJourneys(me);
  const album = createAlbum(journeys);
  const notice = journeyComplete(journeys.isPending);
  let nara: ServiceContext | undefined;
  let mayBring: ReturnType<typeof createRateLimit> = () => false;

  const tellLedger = (awake: ServiceContext, originator: string, reason: JourneyReason): void => {
    awake.emit(social, { ...nobody, ...journeyPayload(me, originator, reason) });
  };

  /** In the order in which to try them. */
  const nextFor = (awake: ServiceContext, card: Postcard): readonly string[] => {
    const nowS = Number(awake.clock.nowNs() / 1_000_000_000n);
    const carriers = parts
      .neighbours()
      .filter(({ name, observation }) => observation.online === "ONLINE" && canCall(awake, name))
      .map(
        ({ name, status }): Carrier => ({
          name,
          clout: awake.projections.clout.scoreOf(name, nowS),
          place: status.coordinates,
        }),
      );
    return rankNext({ name: me, place: parts.place() }, card, carriers);
  };

  const handTo =
    (awake: ServiceContext, card: Postcard) =>
    async (name: string): Promise<Outcome<void, NotTaken>> => {
      const sent = await awake.mesh.client.relay(name, card);
      if (sent.ok) return sent;
      return refuse({ why: sent.refusal.why, mayTravel: mayTravelAfter[sent.refusal.type] });
    };

  const comeHome = (awake: ServiceContext, card: Postcard): Outcome<void> => {
    album.cameHome(card.id, nowMs(awake));
    tellLedger(awake, me, "journey-complete");
    awake.emit(notice, noticeOf(card, me));
    parts.excite(buzzOfHomecoming);
    onChange();
    return accept(undefined);
  };

  const passOn = async (awake: ServiceContext, card: Postcard): Promise<Outcome<void>> => {
    tellLedger(awake, card.originator, "journey-pass");
    parts.excite(buzzOfPassing);
    album.carried();
    onChange();
    const next = nextFor(awake, card);
    if (next.length === 0) return refuse(stuckText);
    const handed = await handOn(next, handTo(awake, card));
    if (handed.ok) return accept(undefined);
    return refuse(forwardText(handed.refusal.name, handed.refusal.why));
  };

  const arrive = (awake: ServiceContext, card: Postcard, sender: string) =>
    takeIn(
      {
        ...{ me, keyPair: parts.keyPair, journeys, verify: parts.verify },
        keyOf: (name) => decodeBase64(awake.keyring.keyOf(name) ?? ""),
        nowNs: awake.clock.nowNs,
        monotonicMs: awake.clock.monotonicMs,
      },
      card,
      sender,
    );

  return {
    service: service("postcards", [notice], (context) => {
      nara = context;
      mayBring = createRateLimit(context.clock, maxBringers);
      const { clock, ledger } = context;
      const stopReading = ledger.onAdd(({ event }) => {
        if (event.svc !== "social") return;
        const { reason, actor, target } = event.payload;
        if (reason !== "journey-pass" || target !== me || actor === me) return;
        if (album.sawOne(actor, Number(event.tsNs / 1_000_000n), nowMs(context))) onChange();
      });
      return {
        start() {
          context.on(notice, ({ payload }) => {
            const originator = journeys.hear(payload);
            if (originator !== undefined) tellLedger(context, originator, "journey-complete");
          });
          context.every(
            () => journeySweepMs,
            () => {
              for (const { originator } of journeys.sweep(clock.monotonicMs())) {
                tellLedger(context, originator, "journey-timeout");
              }
              if (album.giveUp(nowMs(context))) onChange();
            },
          );
          return accept(undefined);
        },
        stop: stopReading,
      };
    }),

    async carry(card, sender) {
      if (nara === undefined) return refuse("World journey not initialized");
      if (!mayBring(sender, perMinute)) return refuse("too many postcards at once");
      const arrived: Outcome<Arrived> = await arrive(nara, card, sender);
      if (!arrived.ok) return arrived;
      const signed = arrived.value.card;
      return arrived.value.isHome ? comeHome(nara, signed) : passOn(nara, signed);
    },

    async send(typed) {
      if (nara === undefined) return refuse("The nara is not awake yet.");
      const { mesh, clock } = nara;
      const message = typed.trim();
      const why = whyNotWritten(message);
      if (why !== undefined) return refuse(why);
      if (mesh.address() === "") return refuse(`Nobody could bring it home: ${homeless(mesh)}`);
      const card = newPostcard(me, message, clock.nowNs());
      const next = nextFor(nara, card);
      if (next.length === 0) return refuse(nobodyText);
      // It may come home before the one who takes it has answered.
      journeys.start(card, clock.monotonicMs());
      album.sent(card.id, nowMs(nara));
      onChange();
      let mayTravel = false;
      const hand = handTo(nara, card);
      const handed = await handOn(next, async (name) => {
        const sent = await hand(name);
        if (!sent.ok) mayTravel ||= sent.refusal.mayTravel;
        return sent;
      });
      if (handed.ok) album.taken(card.id, handed.value);
      else if (!mayTravel) journeys.forget(card.id);
      onChange();
      if (handed.ok || mayTravel || album.isHome(card.id)) return accept(card);
      return refuse(startText(handed.refusal.name, handed.refusal.why));
    },

    home: journeys.gallery,

    view: () => album.view(),
  };
}

/** Nobody answers before it has handed the postcard on: who is silent may well have taken it. */
const mayTravelAfter: Record<AskRefusal["type"], boolean> = {
  silent: false,
  unregistered: false,
  unreachable: false,
  busy: false,
  refused: false,
  timeout: true,
  too_large: true,
  unbelieved: true,
};

const nobody = { type: "", actor: "", actor_id: "", target: "", target_id: "", reason: "" };

const canCall = ({ keyring, mesh }: ServiceContext, name: string): boolean =>
  keyring.keyOf(name) !== undefined && mesh.peers.addressesOf(name).length > 0;

const homeless = (mesh: Pick<ServiceContext["mesh"], "trouble">): string =>
  mesh.trouble() || "I have no address just now.";

const nowMs = ({ clock }: Pick<ServiceContext, "clock">): number =>
  Number(clock.nowNs() / 1_000_000n);
