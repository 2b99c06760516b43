/** All of it at once: what the relay keeps while it is attacked, and what is left of it after. */
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../src/nara/testing/virtual-clock.ts";
import { echo, openTestRelay, say, statusOf, until } from "../../../src/relay/mesh/testing.ts";
import { streamLimits } from "../../../src/tunnel/streams.ts";
import { usedBytes } from "../../support/used-bytes.ts";

const naras = 4;
const callersEach = 4;
const endless = new Uint8Array(16 * 1024 * 1024);

test("slow readers, endless bodies, floods and minted names hold bounded memory, and none after", async () => {
  const clock = createVirtualClock();
  const relay = await openTestRelay({ clock });
  const ask = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const attack = async (round: number): Promise<void> => {
    // Time jumps below, so everybody comes anew each round.
    const bob = await relay.join("bob", 200, echo);
    const sockets: Socket[] = [];
    const tunnels = [];
    for (let at = 0; at < naras; at++) {
      const eve = await relay.join(`eve-${at}`, at + 1, async () => ({
        status: 200,
        headers: new Map(),
        body: endless,
      }));
      tunnels.push(eve.client);
      const [host = "", port] = (eve.address ?? "").split(":");
      for (let caller = 0; caller < callersEach; caller++) {
        const socket = connect(Number(port), host);
        socket.on("error", () => {});
        socket.write(ask);
        socket.pause();
        sockets.push(socket);
      }
      await say(eve.address, "not HTTP\r\n\r\n");
    }
    await until(() => relay.gauge("streams") === naras * callersEach);
    let most = 0;
    await until(() => {
      most = Math.max(most, relay.gauge("held_bytes"));
      return most > (naras * streamLimits.tunnelWindowBytes) / 2;
    });
    for (let turn = 0; turn < 300; turn++) {
      await new Promise(setImmediate);
      most = Math.max(most, relay.gauge("held_bytes"));
    }
    expect(most).toBeLessThanOrEqual(naras * streamLimits.tunnelWindowBytes);
    for (let count = 0; count < 20; count++) {
      const minted = await relay.rudeTunnel(`minted-${round}-${count}`, 100);
      minted.socket.terminate();
      await minted.gone;
      await until(() => relay.gauge("tunnels") === naras + 1);
    }
    expect(statusOf(await say(bob.address, ask))).toBe("200");
    bob.client.stop();
    for (const socket of sockets) socket.destroy();
    for (const client of tunnels) client.stop();
    await until(() => relay.gauge("tunnels") === 0 && relay.gauge("streams") === 0);
    await clock.pass({ seconds: 31 });
    expect(relay.gauge("addresses")).toBe(0);
    expect(relay.gauge("held_bytes")).toBe(0);
  };
  await attack(0);
  const before = await usedBytes();
  for (let round = 1; round <= 2; round++) await attack(round);
  expect((await usedBytes()) - before).toBeLessThan(3_000_000);
  await relay.stop();
});
