/**
 * What peers can ask, and how every request goes: path, proof, answer, signature.
 * (docs/protocol/mesh-runtime-checkpoints.md §1)
 */
import { fromUtf8, utf8 } from "../codec/utf8.ts";
import { bodyTooLarge, notFound, textAnswer } from "./answers.ts";
import { dropOf, nameHeader, signResponse, verifyRequest } from "./auth.ts";
import type { Asked, Endpoint, MeshParts } from "./endpoint.ts";
import { checkpointsAllEndpoint } from "./endpoints/checkpoints-all.ts";
import { coordinatesEndpoint } from "./endpoints/coordinates.ts";
import { dmEndpoint } from "./endpoints/dm.ts";
import { eventsImportEndpoint } from "./endpoints/events-import.ts";
import { eventsSyncEndpoint } from "./endpoints/events-sync.ts";
import { gossipZineEndpoint } from "./endpoints/gossip-zine.ts";
import { meshMessageEndpoint } from "./endpoints/mesh-message.ts";
import { peerQueryEndpoint } from "./endpoints/peer-query.ts";
import { pingEndpoint } from "./endpoints/ping.ts";
import { worldRelayEndpoint } from "./endpoints/world-relay.ts";
import type { MeshHandler, MeshRequest, MeshResponse } from "./http.ts";
import { createReplays } from "./replays.ts";
import { cleanPath, parseTarget, type Target } from "./target.ts";

/** Answers everything that peers ask. */
export function createMeshRouter(parts: MeshParts): MeshHandler {
  const endpoints = new Map(endpointsOf(parts).map((endpoint) => [endpoint.path, endpoint]));
  const replays = createReplays(parts.clock);
  const { me, keyPair, clock, crypto, keyring, countDrop } = parts;
  const auth = { keyOf: keyring.keyOf, crypto };

  const answered = async (endpoint: Endpoint, asked: Asked): Promise<MeshResponse> => {
    try {
      return await endpoint.answer(asked);
    } catch {
      return textAnswer(500, "Internal Server Error");
    }
  };

  const answerProven = async (
    endpoint: Endpoint,
    request: MeshRequest,
    target: Target,
  ): Promise<MeshResponse> => {
    const { method, headers, body } = request;
    const proof = await verifyRequest({ headers, method, path: target.path }, clock.nowNs(), auth);
    if (!proof.ok) {
      countDrop(dropOf[proof.refusal.type]);
      if (proof.refusal.type === "unknown") parts.onUnknown?.(headers.get(nameHeader) ?? "");
      return unauthorised(proof.refusal.text);
    }
    const sender = proof.value.name;
    if (!endpoint.onlyReads && !replays.note(proof.value, `${method} ${target.path}`, body)) {
      countDrop("duplicate");
      return unauthorised("request was used before");
    }
    const answer = isTooLarge(endpoint, body)
      ? bodyTooLarge()
      : await answered(endpoint, askedOf(request, target, sender));
    const signed = signResponse({ name: me.name, keyPair }, clock.nowNs(), answer.body);
    return { ...answer, headers: new Map([...answer.headers, ...signed]) };
  };

  return async (request) => {
    const target = parseTarget(request.target);
    if (target === undefined) return textAnswer(400, "400 Bad Request");
    const clean = cleanPath(target.rawPath);
    if (clean !== target.rawPath) return redirected(request.method, clean, target.rawQuery);
    const endpoint = endpoints.get(`/${target.parts.join("/")}`);
    if (endpoint === undefined || target.parts.some((part) => part.includes("/"))) {
      return notFound();
    }
    if (endpoint.isAuthenticated) return answerProven(endpoint, request, target);
    if (isTooLarge(endpoint, request.body)) return bodyTooLarge();
    return answered(endpoint, askedOf(request, target, ""));
  };
}

const endpointsOf = (parts: MeshParts): readonly Endpoint[] => [
  pingEndpoint(parts),
  coordinatesEndpoint(parts),
  peerQueryEndpoint(parts),
  eventsSyncEndpoint(parts),
  gossipZineEndpoint(parts),
  dmEndpoint(parts),
  worldRelayEndpoint(parts),
  meshMessageEndpoint(parts),
  checkpointsAllEndpoint(parts),
  eventsImportEndpoint(parts),
];

const unauthorised = (why: string): MeshResponse =>
  textAnswer(401, `Authentication failed: ${why}`);

/** What nobody looks at may be of any size: whoever carries it has bounds of its own. */
const isTooLarge = ({ maxBodyBytes }: Endpoint, body: Uint8Array): boolean =>
  maxBodyBytes > 0 && body.length > maxBodyBytes;

const askedOf = (request: MeshRequest, { rawQuery }: Target, sender: string): Asked => ({
  method: request.method,
  headers: request.headers,
  rawQuery,
  body: fromUtf8(request.body),
  sender,
});

/** As Go's server does, which explains itself to browsers. */
function redirected(method: string, path: string, rawQuery: string): MeshResponse {
  const location = rawQuery === "" ? path : `${path}?${rawQuery}`;
  const headers = new Map([["location", location]]);
  if (method !== "GET" && method !== "HEAD") {
    return { status: 307, headers, body: new Uint8Array() };
  }
  headers.set("content-type", "text/html; charset=utf-8");
  const href = location.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  const html = method === "GET" ? `<a href="${href}">Temporary Redirect</a>.\n\n` : "";
  return { status: 307, headers, body: utf8(html) };
}
