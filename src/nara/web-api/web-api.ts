/**
 * The reference's web API: what a nara shows to dashboards and tools over plain HTTP, for reading;
 * what writes is for the owner alone (docs/protocol/ui-and-api.md §b). Off unless the owner turns it
 * on.
 *
 * | file | routes |
 * |---|---|
 * | `naras.ts` | `/narae.json`, `/api.json`, `/status/…`, `/profile/…` |
 * | `village.ts` | `/social/*`, `/world/journeys`, `/network/map`, `/proximity` |
 * | `inspected-events.ts`, `inspected-beliefs.ts`, `uptime-periods.ts` | `/api/inspector/*` |
 * | `metrics.ts` | `/metrics` |
 * | `owner.ts` | `/world/start`, `/api/stash/*` |
 * | `stream.ts` | `/events`, for doors that can stream |
 */
import { textAnswer } from "../mesh/answers.ts";
import type { MeshHandler } from "../mesh/http.ts";
import { cleanPath, parseTarget } from "../mesh/target.ts";
import { inspectedBeliefRoutes } from "./inspected-beliefs.ts";
import { inspectedEventRoutes } from "./inspected-events.ts";
import { metricsRoute } from "./metrics.ts";
import { naraRoutes } from "./naras.ts";
import { ownerRoutes } from "./owner.ts";
import type { WebApiParts, WebRoute } from "./parts.ts";
import { createStream, type Stream } from "./stream.ts";
import { villageRoutes } from "./village.ts";

export type { WebApiParts } from "./parts.ts";
export type { StreamListener } from "./stream.ts";

/** Where the stream is; whoever can stream answers it by {@link WebApi.subscribe}. */
export const streamPath = "/events";

export interface WebApi extends Stream {
  /** Answers the web API's routes, and leaves all others to whom it was given. */
  readonly handle: MeshHandler;
}

/** @param otherwise answers every other path: the nara's mesh, as on the reference's UI port. */
export function createWebApi(parts: WebApiParts, otherwise: MeshHandler): WebApi {
  const routes = [
    ...naraRoutes(parts),
    ...villageRoutes(parts),
    ...inspectedEventRoutes(parts),
    ...inspectedBeliefRoutes(parts),
    metricsRoute(parts),
    ...ownerRoutes(parts),
    noStream,
  ];
  const exact = new Map(routes.map((route) => [route.path, route]));
  const prefixed = routes.filter(({ path }) => path.endsWith("/"));

  return {
    ...createStream(parts),
    async handle(request) {
      const target = parseTarget(request.target);
      if (target === undefined || cleanPath(target.rawPath) !== target.rawPath) {
        return otherwise(request);
      }
      const { path, rawQuery } = target;
      const route = exact.get(path) ?? prefixed.find((one) => path.startsWith(one.path));
      if (route === undefined) return otherwise(request);
      const rest = path.slice(route.path.length);
      try {
        return await route.answer({ ...request, path, rest, rawQuery });
      } catch {
        return textAnswer(500, "Internal Server Error");
      }
    },
  };
}

/** What the reference says where it cannot stream. */
const noStream: WebRoute = {
  path: streamPath,
  answer: () => textAnswer(500, "SSE not supported"),
};
