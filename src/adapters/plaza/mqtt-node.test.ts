import { createServer } from "node:http";
import { expect, test } from "vitest";
import type { Outcome } from "../../nara/outcome.ts";
import type { Plaza, PlazaClosed } from "../../nara/ports.ts";
import { createNodePlaza } from "./mqtt-node.ts";
import { plazaAcceptance } from "./plaza-acceptance.ts";
import { desertedPort, listen, startTestBroker } from "./test-broker.ts";

for (const scheme of ["mqtt", "ws"] as const) {
  plazaAcceptance(`mqtt.js in Node over ${scheme}`, async () => {
    const broker = await startTestBroker();
    const picky = await startTestBroker({ user: "nara", password: "a password" });
    const urlOf = (one: typeof broker) => (scheme === "mqtt" ? one.tcpUrl : one.webSocketUrl);
    const wrong = { user: "nara", password: "not it" };
    return {
      ...broker,
      plaza: plazaOf(createNodePlaza({ url: urlOf(broker) })),
      deserted: plazaOf(createNodePlaza({ url: `${scheme}://127.0.0.1:${await desertedPort()}` })),
      refusing: plazaOf(createNodePlaza({ url: urlOf(picky), ...wrong })),
      stop: async () => {
        await Promise.all([broker.stop(), picky.stop()]);
      },
    };
  });
}

test("user and password go to the broker and stay out of the address", async () => {
  const broker = await startTestBroker({ user: "nara", password: "a p@ss" });
  const url = broker.tcpUrl.replace("//", "//nara:a%20p%40ss@");
  const plaza = plazaOf(createNodePlaza({ url }));
  expect(plaza.address).toBe(broker.tcpUrl);
  expect(await whatHappens(plaza)).toBe("open");
  expect(broker.logins).toEqual([{ user: "nara", password: "a p@ss" }]);
  await broker.stop();
});

test("a host without a name, a server without a plaza and a server without TLS are told apart", async () => {
  const http = createServer((_request, response) => response.writeHead(404).end());
  const port = await listen(http);
  const reasonAt = (url: string) => whatHappens(plazaOf(createNodePlaza({ url })));
  expect(await reasonAt(`ws://127.0.0.1:${port}/mqtt`)).toBe(
    `ws://127.0.0.1:${port}/mqtt answers, but not with a plaza (HTTP 404)`,
  );
  expect(await reasonAt(`mqtts://127.0.0.1:${port}`)).toBe(
    `mqtts://127.0.0.1:${port} does not speak TLS`,
  );
  expect(await reasonAt("mqtt://nowhere.invalid")).toMatch(/host.*: mqtt:\/\/nowhere\.invalid$/);
  http.close();
});

test("what is no plaza's URL is refused, and its credentials are not repeated", () => {
  const refusalOf = (url: string): string => {
    const made = createNodePlaza({ url });
    return made.ok ? "accepted" : made.refusal;
  };
  expect(refusalOf("plaza.example")).toMatch(/^"plaza.example" is not a URL/);
  expect(refusalOf("http://plaza.example")).toMatch(/^"http:\/\/plaza.example" is no plaza's/);
  expect(refusalOf("http://me:secret@plaza.example")).not.toContain("secret");
  expect(refusalOf("mqtt://me:secret@")).not.toContain("secret");
});

function plazaOf(made: Outcome<Plaza>): Plaza {
  if (!made.ok) throw new Error(made.refusal);
  return made.value;
}

/** "open", or the reason why not. */
async function whatHappens(plaza: Plaza): Promise<string> {
  let told = "";
  await new Promise<void>((resolve) => {
    const link = plaza.connect({
      clientId: "alice",
      onOpen: () => {
        told = "open";
        void link.close();
      },
      onFrame: () => {},
      onClosed: ({ reason }: PlazaClosed) => {
        told ||= reason;
        resolve();
      },
    });
  });
  return told;
}
