import { expect, test } from "vitest";
import { createNobleCrypto } from "../../../adapters/crypto/noble-crypto.ts";
import { accept, refuse } from "../../outcome.ts";
import { type ServiceContext, service } from "../../runtime/service.ts";
import { createMockRuntime } from "../../testing/mock-runtime.ts";
import { ping } from "../coordinates/coordinates.ts";
import { createNeighbourhood } from "./neighbourhood.ts";
import { noObservation } from "./observation.ts";
import { stranger } from "./presence-change.ts";
import type { PresenceState } from "./state.ts";
import { createVerification } from "./verification.ts";

async function calling() {
  const contexts: ServiceContext[] = [];
  const caller = service("caller", [ping], (nara) => {
    contexts.push(nara);
    return {};
  });
  const mock = createMockRuntime({ services: [caller], crypto: createNobleCrypto() });
  await mock.runtime.start();
  mock.peer("bob");
  const context = contexts[0]!;
  const asked: string[] = [];
  let answers = true;
  const client: ServiceContext["mesh"]["client"] = {
    ...context.mesh.client,
    async ping(name) {
      asked.push(name);
      if (!answers) return refuse({ type: "unreachable", why: "nobody there" } as never);
      return accept({ rttMs: 12.34, publicKey: "", meshIp: "" });
    },
  };
  const neighbourhood = createNeighbourhood();
  const missing = { ...noObservation, online: "MISSING", startTimeS: 1, restarts: 3 } as const;
  neighbourhood.put({ ...stranger("bob"), isMet: true, observation: missing });
  const nara = { ...context, mesh: { ...context.mesh, client } };
  const listener = { onNeighbour: () => {} };
  const verification = createVerification({ nara, neighbourhood, listener } as unknown as Pick<
    PresenceState,
    "nara" | "neighbourhood" | "listener"
  >);
  return {
    ...{ mock, asked, neighbourhood, verification },
    hangUp: () => {
      answers = false;
    },
  };
}

test("who answers is here without a restart, and the call is told as a ping", async () => {
  const { mock, neighbourhood, verification } = await calling();
  expect(await verification.isAlive("bob")).toBe(true);
  expect(neighbourhood.get("bob")?.observation).toMatchObject({ online: "ONLINE", restarts: 3 });
  const [told] = mock.runtime.ledger.events();
  expect(told).toMatchObject({ svc: "ping", payload: { target: "bob", rtt: 12.3 } });
});

test("nobody is called twice in a minute, whatever came of it", async () => {
  const { mock, asked, verification, hangUp } = await calling();
  hangUp();
  expect(await verification.isAlive("bob")).toBe(false);
  await mock.clock.pass({ seconds: 59 });
  expect(await verification.isAlive("bob")).toBe(false);
  expect(asked).toEqual(["bob"]);
  await mock.clock.pass({ seconds: 2 });
  await verification.isAlive("bob");
  expect(asked).toEqual(["bob", "bob"]);
});

test("I am never called, nor is who has no address", async () => {
  const { asked, verification } = await calling();
  expect(await verification.isAlive("alice")).toBe(false);
  expect(await verification.isAlive("nobody")).toBe(false);
  expect(asked).toEqual([]);
});
