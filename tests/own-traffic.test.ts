/** Whatever naras of ours say, a reference peer can live with it. */
import { expect, test } from "vitest";
import { faultsOf } from "./support/fit-to-send.ts";
import { createNetwork, onlineStates } from "./support/network.ts";

/** Names that are accepted but that nobody would expect. */
const names = ["__proto__", "日本語", "a.b_c-9", "x".repeat(63), "constructor"];

test("two hours of five naras with odd names: every message is fit for a reference peer", async () => {
  const { clock, broker, join, errors } = createNetwork();
  const naras = names.map((name, index) => join(name, { seed: `soul number ${index}` }));
  await clock.pass({ minutes: 50 });
  broker.cut(names[1] ?? "");
  await clock.pass({ minutes: 5 });
  broker.down();
  await clock.pass({ minutes: 20 });
  broker.up();
  await clock.pass({ minutes: 44 });
  await clock.sleep({ minutes: 7 });
  void naras[4]?.stop();
  await clock.pass({ minutes: 1 });

  expect(errors).toEqual([]);
  const faults = broker.traffic.flatMap((said) =>
    faultsOf(said).map((fault) => `${said.from} on ${said.topic}: ${fault}`),
  );
  expect(faults).toEqual([]);
  const topics = new Set(
    broker.traffic.map(({ topic }) =>
      topic.replace(/newspaper\/.*/, "newspaper").replace(/ledger\/[^/]+/, "ledger/…"),
    ),
  );
  expect([...topics].sort()).toEqual([
    "nara/ledger/…/request",
    "nara/ledger/…/response",
    "nara/newspaper",
    "nara/plaza/chau",
    "nara/plaza/hey_there",
    "nara/plaza/howdy",
    "nara/plaza/social",
  ]);
  expect(new Set(broker.traffic.map(({ from }) => from))).toEqual(new Set(names));
  expect(broker.traffic.every(({ qos }) => qos === 0)).toBe(true);
  for (const nara of naras.slice(0, 4)) {
    const others = names.filter((name) => name !== nara.name);
    expect(onlineStates(nara)).toEqual(
      Object.fromEntries(others.map((name) => [name, name === names[4] ? "OFFLINE" : "ONLINE"])),
    );
    // A tease may not be to one's taste; nothing else that a nara says is refused by another.
    expect(nara.view().drops.filter(({ reason }) => reason !== "filtered")).toEqual([]);
  }
});
