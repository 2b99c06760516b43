/** What naras do and where they live: `/social/*`, `/world/journeys`, `/network/map`, `/proximity`. (ui-and-api §b) */
import { goFloat, goMap, goString } from "../codec/go-json.ts";
import { quip } from "../events/quips.ts";
import { type BarrioMap, inSameBarrio, monthAt } from "../identity/barrio.ts";
import { jsonText } from "../mesh/answers.ts";
import type { Postcard } from "../mesh/postcard.ts";
import { hopsOf, isComplete, rewardsOf } from "../services/postcards/chain.ts";
import type { Coordinates } from "../services/presence/status.ts";
import { nowS, type WebApiParts, type WebRoute } from "./parts.ts";
import { listOf, listOrNull, mapOf, structOf } from "./printed.ts";

/** §b. */
const recentShown = 5;
const journeysShown = 20;

export function villageRoutes(parts: WebApiParts): readonly WebRoute[] {
  const { me, ledger, projections } = parts;
  const server = goString(me.name);
  return [
    {
      path: "/social/clout",
      answer: () =>
        jsonText(mapOf({ server, clout: goMap(projections.clout.scores(nowS(parts)), goFloat) })),
    },
    {
      path: "/social/teases",
      answer() {
        const teases = [...projections.teases.givenByName()]
          .sort(([, one], [, other]) => other - one)
          .map(([actor, count]) => structOf({ actor: goString(actor), count: String(count) }));
        return jsonText(mapOf({ server, teases: listOrNull(teases) }));
      },
    },
    {
      path: "/social/recent",
      answer() {
        const events = ledger
          .newest(recentShown, ({ svc }) => svc === "social")
          .flatMap(({ svc, payload, tsNs }) =>
            svc === "social"
              ? [
                  mapOf({
                    actor: goString(payload.actor),
                    target: goString(payload.target),
                    reason: goString(payload.reason),
                    message: goString(quip(payload.reason, payload.target)),
                    timestamp: String(tsNs / 1_000_000_000n),
                  }),
                ]
              : [],
          );
        return jsonText(mapOf({ server, events: listOrNull(events) }));
      },
    },
    {
      path: "/world/journeys",
      answer() {
        const journeys = (parts.journeys?.() ?? []).slice(0, journeysShown).map(journeyShown);
        return jsonText(mapOf({ server, journeys: listOrNull(journeys) }));
      },
    },
    {
      path: "/network/map",
      answer: () => jsonText(mapOf({ server, nodes: listOf(nodesOf(parts)) })),
    },
    {
      path: "/proximity",
      answer() {
        const map: BarrioMap = {
          gridMs: projections.roundTrips.gridMs(),
          month: monthAt(parts.clock.nowNs(), 0),
        };
        const here = { name: me.name, coordinate: parts.status().coordinates };
        const members = parts
          .neighbours()
          .filter(({ name, status }) =>
            inSameBarrio(here, { name, coordinate: status.coordinates }, map),
          );
        return jsonText(
          mapOf({
            server,
            barrio_emoji: goString(parts.barrio().emoji),
            barrio_members: listOrNull(members.map(({ name }) => goString(name))),
            grid_size: goFloat(map.gridMs),
          }),
        );
      },
    },
  ];
}

const nodesOf = (parts: WebApiParts): readonly string[] => [
  mapOf({
    name: goString(parts.me.name),
    coordinates: placeShown(parts.status().coordinates),
    online: "true",
    is_self: "true",
  }),
  ...parts.neighbours().map(({ name, status, observation }) => {
    const { lastPingRttMs, avgPingRttMs, online } = observation;
    return mapOf({
      name: goString(name),
      coordinates: placeShown(status.coordinates),
      online: String(online === "ONLINE"),
      is_self: "false",
      ...(lastPingRttMs > 0 && { rtt_to_us: goFloat(lastPingRttMs) }),
      ...(avgPingRttMs > 0 && { avg_rtt: goFloat(avgPingRttMs) }),
    });
  }),
];

const placeShown = (place: Coordinates | undefined): string =>
  place === undefined
    ? "null"
    : structOf({
        x: goFloat(place.x),
        y: goFloat(place.y),
        height: goFloat(place.height),
        error: goFloat(place.error),
      });

const journeyShown = (card: Postcard): string =>
  mapOf({
    id: goString(card.id),
    message: goString(card.message),
    originator: goString(card.originator),
    hops: listOf(
      hopsOf(card).map(({ nara, timestamp, stamp, signature }) =>
        mapOf({
          nara: goString(nara),
          timestamp: String(timestamp),
          stamp: goString(stamp),
          signature: goString(signature),
        }),
      ),
    ),
    rewards: goMap(rewardsOf(card), goFloat),
    complete: String(isComplete(card)),
  });
