/**
 * A runtime for tests of services: real pipelines, real envelopes, real signatures; only the
 * world around is pretended. Peers are whole identities that can sign, so what is delivered goes
 * through decode, verify, dedupe and every other stage, as it would from the network.
 */

import { encodeBase64 } from "../codec/base64.ts";
import { fromUtf8, utf8 } from "../codec/utf8.ts";
import { signResponse } from "../mesh/auth.ts";
import type { MeshTransport } from "../mesh/http.ts";
import { accept, refuse } from "../outcome.ts";
import type { Crypto, KeyPair, LogLine, Plaza } from "../ports.ts";
import type { Behaviour } from "../runtime/behaviour.ts";
import type { Draft } from "../runtime/message.ts";
import type { Verdict } from "../runtime/pipelines.ts";
import { createRuntime, type Runtime } from "../runtime/runtime.ts";
import type { Service } from "../runtime/service.ts";
import type { Self } from "../runtime/stage.ts";
import type { Personality } from "../view.ts";
import { createInMemoryPlaza, type InMemoryPlaza } from "./in-memory-plaza.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** Somebody who can speak to the nara under test. */
export interface MockPeer extends Self {
  readonly keyPair: KeyPair;
  /** A signed message of this peer, as text. */
  say<Payload>(behaviour: Behaviour<Payload>, payload: Payload, changes?: Partial<Draft>): string;
}

export interface MockRuntime {
  readonly runtime: Runtime;
  readonly clock: VirtualClock;
  readonly plaza: InMemoryPlaza;
  readonly me: Self;
  /** What was sent to peers over the mesh, oldest first. */
  readonly sent: readonly { readonly toId: string; readonly text: string }[];
  readonly log: readonly LogLine[];
  /** A peer whose key the nara under test knows. */
  peer(name: string): MockPeer;
  /** A peer it has never heard of. */
  stranger(name: string): MockPeer;
  /** Delivers a peer's message through the real receive pipeline. */
  deliver<Payload>(
    from: MockPeer,
    behaviour: Behaviour<Payload>,
    payload: Payload,
    changes?: Partial<Draft>,
  ): Promise<Verdict>;
}

export interface MockRuntimeParts {
  readonly services: readonly Service[];
  readonly crypto: Crypto;
  readonly name?: string;
  /** A whole identity in place of one made from the name. */
  readonly me?: Self;
  readonly keyPair?: KeyPair;
  readonly personality?: Personality;
  /** Gets each message sent over the mesh; answers with why it could not go, or undefined. */
  readonly mesh?: { send(toId: string, text: string): Promise<string | undefined> };
  /** A whole mesh in its place. */
  readonly transport?: MeshTransport;
}

export function createMockRuntime(parts: MockRuntimeParts): MockRuntime {
  const clock = createVirtualClock({ startNs: 1_767_225_600_000_000_000n });
  const plaza = createInMemoryPlaza({ clock });
  const sent: { toId: string; text: string }[] = [];
  const log: LogLine[] = [];
  const keyPairOf = (name: string): KeyPair =>
    parts.crypto.keyPair(utf8(name.padEnd(32, "·").slice(0, 32)).slice(0, 32));
  const selfOf = (name: string): Self => ({
    name,
    id: `${name}-id-0000`,
    publicKey: encodeBase64(keyPairOf(name).publicKey),
  });
  const me = parts.me ?? selfOf(parts.name ?? "alice");
  /** Every peer is at the address that is its name, and thanks for each message. */
  const transport: MeshTransport = {
    async send(baseUrl, { body }) {
      const name = new URL(baseUrl).hostname;
      const [toId, text] = [selfOf(name).id, fromUtf8(body)];
      sent.push({ toId, text });
      const why = await parts.mesh?.send(toId, text);
      if (why !== undefined) return refuse({ type: "unreachable", why });
      const thanks = new Uint8Array();
      const headers = signResponse({ name, keyPair: keyPairOf(name) }, clock.nowNs(), thanks);
      return accept({ status: 200, headers: new Map(headers), body: thanks });
    },
    serve: () => () => {},
    address: () => "",
    trouble: () => "",
    onChange: () => () => {},
  };
  const plazaPort: Plaza = plaza.plaza;
  const runtime = createRuntime({
    ports: {
      clock,
      random: createSeededRandom(1),
      crypto: parts.crypto,
      plaza: plazaPort,
      mesh: parts.transport ?? transport,
      log: (line) => void log.push(line),
    },
    keyPair: parts.keyPair ?? keyPairOf(me.name),
    me,
    judge: {
      soulText: "",
      personality: parts.personality ?? { agreeableness: 50, sociability: 50, chill: 50 },
    },
    capacity: 1000,
    services: parts.services,
  });

  const stranger = (name: string): MockPeer => {
    const self = selfOf(name);
    const keyPair = keyPairOf(name);
    return {
      ...self,
      keyPair,
      say(behaviour, payload, changes = {}) {
        const draft = {
          kind: behaviour.kind,
          version: behaviour.version,
          tsNs: clock.nowNs(),
          from: name,
          fromId: self.id,
          to: me.name,
          toId: me.id,
          inReplyTo: "",
          ...changes,
          payload,
        };
        const unsigned = {
          ...draft,
          id: behaviour.envelope.id(draft),
          contentKey: "",
          signature: "",
        };
        const signature = encodeBase64(keyPair.sign(behaviour.envelope.signedBytes(unsigned)));
        return behaviour.envelope.encode({ ...unsigned, signature });
      },
    };
  };

  return {
    runtime,
    clock,
    plaza,
    me,
    sent,
    log,
    stranger,
    peer(name) {
      const peer = stranger(name);
      runtime.keyring.pin(peer.name, peer.id, peer.publicKey);
      runtime.mesh.peers.prove(peer.name, peer.name);
      return peer;
    },
    deliver: (from, behaviour, payload, changes) =>
      runtime.hear(from.say(behaviour, payload, changes)),
  };
}
