/**
 * `/peer/query`: does anybody know this nara? Who does says its key and address, who does not names
 * somebody else to ask. (mesh-runtime-checkpoints §1 "Client, discovery, resolution")
 */
import { omitEmpty, struct, text } from "../../codec/go-types.ts";
import { emptyAnswer, jsonAnswer, methodNotAllowed, notFound, textAnswer } from "../answers.ts";
import type { Endpoint, MeshParts } from "../endpoint.ts";
import type { MeshResponse } from "../http.ts";
import { queryValue } from "../target.ts";

export const peerAnswer = struct({
  target: text,
  /** Base64. */
  public_key: text,
  mesh_ip: omitEmpty(text),
});

/** Names another nara that may know more. */
export const redirectHeader = "x-nara-redirect-to";

type Parts = Pick<MeshParts, "me" | "keyring" | "neighbour" | "neighbours">;

export function peerQueryEndpoint({ me, keyring, neighbour, neighbours }: Parts): Endpoint {
  const redirect = (asked: ReadonlySet<string>): MeshResponse => {
    for (const { name, isOnline } of neighbours()) {
      if (isOnline && name !== me.name && !asked.has(name)) {
        return emptyAnswer(307, [[redirectHeader, name]]);
      }
    }
    return notFound();
  };

  return {
    path: "/peer/query",
    isAuthenticated: false,
    onlyReads: true,
    maxBodyBytes: 0,
    answer({ method, rawQuery }) {
      if (method !== "GET") return methodNotAllowed();
      const target = queryValue(rawQuery, "target");
      if (target === "") return textAnswer(400, "target parameter required");
      const key = keyring.keyOf(target);
      const known = neighbour(target);
      if (key !== undefined && known !== undefined) {
        return jsonAnswer(
          peerAnswer,
          { target, public_key: key, mesh_ip: known.meshIp },
          { contentType: "application/json" },
        );
      }
      return redirect(new Set(queryValue(rawQuery, "asked").split(",")));
    },
  };
}
