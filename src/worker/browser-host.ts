/** A host out of what a browser's worker offers. */
import { createSystemClock } from "../adapters/clock.ts";
import { chooseCrypto } from "../adapters/crypto/choose-crypto.ts";
import { createTunnelClient } from "../adapters/mesh/tunnel-client.ts";
import { createWebSocketPlaza } from "../adapters/plaza/mqtt-web-socket.ts";
import { createSystemRandom } from "../adapters/random.ts";
import { encodeBase64 } from "../nara/codec/base64.ts";
import { createNara } from "../nara/nara.ts";
import type { Log, Ports } from "../nara/ports.ts";
import { createBrowserMachine } from "./browser-machine.ts";
import { createHost, type Host } from "./host.ts";
import type { NaraMaker } from "./life.ts";
import { chooseLocks } from "./locks.ts";
import { createLookIn } from "./look-in.ts";
import { createIndexedDbValues, createSoulStore } from "./soul-store.ts";

/** The scope of a shared or a dedicated worker. */
export type WorkerScope = Pick<WorkerGlobalScope, "addEventListener" | "crypto" | "navigator"> & {
  close(): void;
};

export function createBrowserHost(scope: WorkerScope): Host {
  const shared = { clock: createSystemClock(), random: createSystemRandom(), log: logToConsole };
  logFaults(scope, shared.log);
  return createHost({
    ...shared,
    store: createSoulStore(createIndexedDbValues()),
    locks: chooseLocks(scope.navigator),
    maker: createMaker(shared, scope.crypto.subtle),
    deviceGib: (scope.navigator as { readonly deviceMemory?: number }).deviceMemory,
    close: () => scope.close(),
  });
}

async function createMaker(
  shared: Pick<Ports, "clock" | "random" | "log">,
  subtle: SubtleCrypto | undefined,
): Promise<NaraMaker> {
  const crypto = await chooseCrypto(subtle, shared.clock);
  const host = createBrowserMachine(globalThis);
  return {
    publicKeyOf: ({ soul }) => encodeBase64(crypto.keyPair(soul.seed).publicKey),
    create(identity, { plazaUrl, relayUrl }, ways) {
      const keyPair = crypto.keyPair(identity.soul.seed);
      const { name, id } = identity;
      const mesh = createTunnelClient({ ...shared, url: relayUrl, who: { name, id, keyPair } });
      const plaza = createWebSocketPlaza({ url: plazaUrl });
      const nara = createNara({
        identity,
        ...ways,
        host,
        ports: { ...shared, crypto, mesh, plaza },
      });
      const letLookIn = createLookIn(nara, shared.log);
      if (ways.letsLookIn) void letLookIn(true);
      return { ...nara, letLookIn, stop: () => nara.stop().finally(mesh.stop) };
    },
  };
}

const logToConsole: Log = ({ level, service, text }) => {
  console[level](`${service}: ${text}`);
};

/** A fault in one handler must not end the nara; it is written down. */
function logFaults(scope: WorkerScope, log: Log): void {
  const told = (text: string): void => log({ level: "error", service: "host", text });
  scope.addEventListener("error", (event) => {
    event.preventDefault();
    told(event.message);
  });
  scope.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    told(String(event.reason));
  });
}
