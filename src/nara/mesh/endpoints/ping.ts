/** `/ping`: how far is it, and who is there? Asked by anybody, answered unsigned. (mesh-runtime-checkpoints §1) */
import { int64, struct, text } from "../../codec/go-types.ts";
import { jsonAnswer } from "../answers.ts";
import type { Endpoint, MeshParts } from "../endpoint.ts";

export const pingAnswer = struct({
  from: text,
  mesh_ip: text,
  public_key: text,
  /** Unix nanoseconds. */
  t: int64,
});

export const pingEndpoint = ({
  me,
  clock,
  meshIp,
}: Pick<MeshParts, "me" | "clock" | "meshIp">): Endpoint => ({
  path: "/ping",
  isAuthenticated: false,
  onlyReads: true,
  maxBodyBytes: 0,
  answer: () =>
    jsonAnswer(pingAnswer, {
      from: me.name,
      mesh_ip: meshIp(),
      public_key: me.publicKey,
      t: clock.nowNs(),
    }),
});
