import { expect, test } from "@playwright/test";
import { type Broker, startBroker } from "./support/broker.ts";
import { type Modules, serveModules } from "./support/modules.ts";

const user = "plaza";
const password = "open sesame";

let broker: Broker;
let modules: Modules;

test.beforeEach(async ({ page }) => {
  broker = await startBroker({ user, password });
  modules = await serveModules();
  await modules.open(page);
});

test.afterEach(async () => {
  await modules.stop();
  await broker.stop();
});

const withPassword = (given: string): string =>
  broker.webSocketUrl.replace("://", `://${user}:${encodeURIComponent(given)}@`);

/** In the page: joins, hears its own word, leaves. */
async function joinAndSpeak(url: string) {
  const path = "/src/adapters/plaza/mqtt-web-socket.ts";
  const { createWebSocketPlaza } = (await import(
    path
  )) as typeof import("../src/adapters/plaza/mqtt-web-socket.ts");
  const plaza = createWebSocketPlaza({ url });
  return new Promise<{ readonly heard: readonly string[]; readonly reason: string }>((resolve) => {
    const heard: string[] = [];
    const link = plaza.connect({
      clientId: "alice",
      onOpen: async () => {
        await link.subscribe("nara/plaza/#");
        link.publish("nara/plaza/hey_there", new TextEncoder().encode("it is me"), 0);
      },
      onFrame: ({ payload }) => {
        heard.push(new TextDecoder().decode(payload));
        void link.close();
      },
      onClosed: ({ reason }) => resolve({ heard, reason }),
    });
  });
}

test("the browser's plaza joins, is heard, and leaves", async ({ page }) => {
  const answer = await page.evaluate(joinAndSpeak, withPassword(password));
  expect(answer.heard).toEqual(["it is me"]);
  expect(broker.heard().map(({ clientId, topic }) => [clientId, topic])).toEqual([
    ["alice", "nara/plaza/hey_there"],
  ]);
  await expect.poll(() => broker.clients()).toEqual([]);
});

test("the browser's plaza says in words that the password is wrong", async ({ page }) => {
  const answer = await page.evaluate(joinAndSpeak, withPassword("open barley"));
  expect(answer.heard).toEqual([]);
  expect(answer.reason).toContain("password");
});
