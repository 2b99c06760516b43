/**
 * What two naras say over rock-paper-scissors. Both put a sealed hand on the table before either
 * shows one, so nobody gains by waiting. Kinds of ours: the reference does not know them.
 *
 * | kind | goes | says |
 * |---|---|---|
 * | rps:challenge | challenger → opponent | shall we? my hand is here, sealed |
 * | rps:commit | opponent → challenger | so is mine; without a seal: not now |
 * | rps:reveal | challenger → opponent | I open my hand |
 * | rps:result | opponent → challenger | I open mine |
 */
import { type GoType, struct, text, type ValueOf } from "../../codec/go-types.ts";
import { type Behaviour, behaviour } from "../../runtime/behaviour.ts";
import { runtimeMessage } from "../../runtime/envelopes/runtime-message.ts";
import * as stages from "../../runtime/stages.ts";

/** `game`: made up by the challenger, the same in all four messages. `seal`: rules.ts. */
const sealed = struct({ game: text, seal: text });
const opened = struct({ game: text, hand: text, nonce: text });
export type Opened = ValueOf<typeof opened>;

/** With one nara; a person who plays fast manages one in ten seconds. */
export const gamesPerMinute = 10;

const { live, fromAnother, forMe, verified, byId, inTime, once, rateLimited } = stages;
const overTheTable = <Payload>(kind: string, payload: GoType<Payload>): Behaviour<Payload> =>
  behaviour(kind, {
    envelope: runtimeMessage({ 1: payload }),
    emit: [stages.signed, stages.toPeer],
    receive: [live, fromAnother, forMe, verified(byId), inTime, once, rateLimited(gamesPerMinute)],
  });

export const challenge = overTheTable("rps:challenge", sealed);
export const commit = overTheTable("rps:commit", sealed);
export const reveal = overTheTable("rps:reveal", opened);
export const result = overTheTable("rps:result", opened);
