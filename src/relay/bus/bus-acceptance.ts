/** What a bus between relays must do, whatever carries it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RequestHead, ResponseHead } from "../../tunnel/frames.ts";
import type { Exchange, ExchangeListener } from "../../tunnel/streams.ts";
import { askWhole, serveWhole } from "../../tunnel/whole.ts";
import type { Bus, ServeFromBus } from "./bus.ts";

export interface BusStage {
  /** One more relay on the same bus. */
  join(): Promise<Bus>;
  stop(): Promise<void>;
}

const mib = 1024 * 1024;
const patient = { timeoutMs: 20_000, maxBytes: 32 * mib };
const question: RequestHead = { method: "GET", authority: "", target: "/ping", fields: [] };
const fine: ResponseHead = { status: 200, fields: [] };

export function busAcceptance(name: string, open: () => Promise<BusStage>): void {
  describe(`${name} as a bus`, () => {
    let stage: BusStage;
    let here: Bus;
    let there: Bus;
    beforeAll(async () => {
      stage = await open();
      [here, there] = [await stage.join(), await stage.join()];
    });
    afterAll(() => stage.stop());

    const held = async (whom: string, serve: ServeFromBus) => {
      const hold = there.hold(whom, serve);
      await hold.ready;
      return hold;
    };
    const ask = (whom: string, head = question, body = new Uint8Array(), bounds = patient) =>
      askWhole(here.towards(whom), head, body, bounds);

    test("a question and its answer cross as they are, for names and addresses of any sort", async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const head: RequestHead = {
        method: "POST",
        authority: "127.0.0.1:7500",
        target: "/a%20b//c?target=caf%C3%A9+%26&x=y",
        fields: [
          ["x-nara-name", "zo\xc3\xab"],
          ["x-nara-signature", "AAAA+/=="],
        ],
      };
      const answer: ResponseHead = { status: 404, fields: [["content-type", "text/plain"]] };
      for (const whom of ["a.b", "日本", "*", ">", "a b", "127.0.0.1:7500", "[::1]:7433"]) {
        const heard: RequestHead[] = [];
        const hold = await held(whom, (asked, exchange) => {
          heard.push(asked);
          return serveWhole(exchange, mib, async (body) => ({ head: answer, body }));
        });
        expect(await here.isHeld(whom), whom).toBe(true);
        const outcome = await ask(whom, head, bytes);
        expect(heard, whom).toEqual([head]);
        expect(outcome, whom).toEqual({ ok: true, value: { head: answer, body: bytes } });
        hold.release();
      }
    });

    test("whom nobody holds is unreachable at once, and so is who was let go", async () => {
      const hold = await held("bob", echo);
      expect(await ask("bo")).toEqual({ ok: false, refusal: "unreachable" });
      expect(await here.isHeld("bo")).toBe(false);
      hold.release();
      expect(await ask("bob")).toEqual({ ok: false, refusal: "unreachable" });
      expect(await here.isHeld("bob")).toBe(false);
      expect(here.count() + there.count()).toBe(0);
    });

    test("a later hold takes the place of an earlier one, whose release changes nothing", async () => {
      const first = await held("bob", echo);
      const second = await held("bob", (_, exchange) =>
        serveWhole(exchange, mib, async (body) => ({ head: { status: 201, fields: [] }, body })),
      );
      first.release();
      expect(await ask("bob")).toMatchObject({ ok: true, value: { head: { status: 201 } } });
      second.release();
    });

    test("4 MB go there and 16 MB come back; a byte more is too large", async () => {
      const hold = await held("bob", (head, exchange) =>
        serveWhole(exchange, 8 * mib, async (body) => ({
          head: fine,
          body: head.target === "/big" ? filled(16 * mib) : body,
        })),
      );
      const largest = filled(4 * mib);
      const back = await ask("bob", question, largest);
      expect(back.ok && Buffer.compare(back.value.body, largest)).toBe(0);
      const big = await ask("bob", { ...question, target: "/big" });
      expect(big.ok && Buffer.compare(big.value.body, filled(16 * mib))).toBe(0);
      hold.release();
      const larger = await held("bob", (_, exchange) =>
        serveWhole(exchange, 8 * mib, async () => ({ head: fine, body: filled(16 * mib + 1) })),
      );
      expect(await ask("bob")).toEqual({ ok: false, refusal: "too large" });
      expect(await ask("bob", question, filled(4 * mib + 1))).toEqual({
        ok: false,
        refusal: "too large",
      });
      larger.release();
    });

    test("of many at once each gets its own answer", async () => {
      const hold = await held("bob", (head, exchange) =>
        serveWhole(exchange, mib, async () => ({ head: fine, body: Buffer.from(head.target) })),
      );
      const targets = Array.from({ length: 200 }, (_, at) => `/${at}`);
      const answers = await Promise.all(
        targets.map((target) => ask("bob", { ...question, target })),
      );
      expect(answers.map((one) => one.ok && Buffer.from(one.value.body).toString())).toEqual(
        targets,
      );
      hold.release();
    });

    test("more at once than a relay carries are not opened", async () => {
      const hold = await held("crowded", () => silent);
      const way = here.towards("crowded");
      const open = () => way.open(question, silent);
      const opened = Array.from({ length: 256 }, open);
      expect(opened).not.toContain(undefined);
      expect(open()).toBe(undefined);
      for (const exchange of opened) exchange?.cancel("gone");
      expect(here.count()).toBe(0);
      hold.release();
    });

    test("a deadline ends an exchange at both ends, and so does a change of mind", async () => {
      const whys: string[] = [];
      let onServed: () => void = () => {};
      let onCancelled: () => void = () => {};
      const cancelled = () =>
        new Promise<void>((resolve) => {
          onCancelled = resolve;
        });
      const hold = await held("bob", () => {
        onServed();
        return {
          ...silent,
          onCancel: (reason) => {
            whys.push(reason);
            onCancelled();
          },
        };
      });
      let end = cancelled();
      const late = await ask("bob", question, new Uint8Array(), { ...patient, timeoutMs: 50 });
      expect(late).toEqual({ ok: false, refusal: "deadline" });
      await end;
      end = cancelled();
      const served = new Promise<void>((resolve) => {
        onServed = resolve;
      });
      const exchange = here.towards("bob").open(question, silent);
      await served;
      exchange?.cancel("gone");
      await end;
      expect(whys).toEqual(["deadline", "gone"]);
      hold.release();
    });

    test("who does not read is sent no more than a window, and holds up nobody else", async () => {
      let sent = 0;
      const piece = filled(32 * 1024);
      const hold = await held("bob", (head, exchange) => {
        if (head.target !== "/endless") return echo(head, exchange);
        exchange.respond(fine);
        const write = (): void => {
          do sent += piece.length;
          while (exchange.write(piece));
        };
        write();
        return { ...silent, onRoom: write };
      });
      const slow = await new Promise<Exchange | undefined>((resolve) => {
        const exchange = here
          .towards("bob")
          .open(
            { ...question, target: "/endless" },
            { ...silent, onBody: () => resolve(exchange) },
          );
      });
      for (let count = 0; count < 5; count++) expect((await ask("bob")).ok).toBe(true);
      // What is beyond the window waits at the sender, one piece of it.
      expect(sent).toBe(256 * 1024 + piece.length);
      slow?.cancel("gone");
      hold.release();
    });

    test("an exchange goes on to its end when its nara is let go, or held anew", async () => {
      let finish: () => void = () => {};
      let onServed: () => void = () => {};
      const served = new Promise<void>((resolve) => {
        onServed = resolve;
      });
      const hold = await held("bob", (_, exchange) =>
        serveWhole(exchange, mib, () => {
          onServed();
          return new Promise((answer) => {
            finish = () => answer({ head: fine, body: filled(mib) });
          });
        }),
      );
      const outcome = ask("bob");
      await served;
      hold.release();
      expect(await ask("bob")).toEqual({ ok: false, refusal: "unreachable" });
      const again = await held("bob", echo);
      finish();
      const answer = await outcome;
      expect(answer.ok && answer.value.body.length).toBe(mib);
      expect((await ask("bob")).ok).toBe(true);
      again.release();
    });

    test("a relay that goes away takes its exchanges with it", async () => {
      const leaving = await stage.join();
      let onServed: () => void = () => {};
      const served = new Promise<void>((resolve) => {
        onServed = resolve;
      });
      await leaving.hold("carol", () => {
        onServed();
        return silent;
      }).ready;
      const outcome = ask("carol");
      await served;
      await leaving.stop();
      expect(await outcome).toEqual({ ok: false, refusal: "gone" });
      expect(await ask("carol")).toEqual({ ok: false, refusal: "unreachable" });
    });

    test("a name belongs to the key that claimed it first, until it is forgotten", async () => {
      const granted = { ok: true, value: undefined };
      const taken = { ok: false, refusal: "taken" };
      expect(await there.claim("dora", "her key", () => {})).toEqual(granted);
      expect(await here.claim("dora", "another", () => {})).toEqual(taken);
      expect(await here.claim("dor", "another", () => {})).toEqual(granted);
      there.forget("dora");
      await settled(there);
      expect(await here.claim("dora", "another", () => {})).toEqual(granted);
      expect(await there.claim("dora", "her key", () => {})).toEqual(taken);
    });

    test("the same key moves to another relay, and the older one hears of it", async () => {
      const moved = new Promise<void>((resolve) => {
        void there.claim("emil", "his key", resolve);
      });
      await settled(there);
      expect((await here.claim("emil", "his key", () => {})).ok).toBe(true);
      await moved;
      const back = new Promise<void>((resolve) => {
        void here.claim("emil", "his key", resolve);
      });
      expect((await there.claim("emil", "his key", () => {})).ok).toBe(true);
      await back;
    });

    test("of many relays that claim a name for different keys at once one gets it", async () => {
      const relays = await Promise.all(Array.from({ length: 4 }, () => stage.join()));
      for (let round = 0; round < 5; round++) {
        const outcomes = await Promise.all(
          relays.map((relay, at) => relay.claim(`name ${round}`, `key ${at}`, () => {})),
        );
        expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
      }
      for (const relay of relays) await relay.stop();
    });
  });
}

const settled = (bus: Bus): Promise<void> => {
  const hold = bus.hold("nobody in particular", echo);
  hold.release();
  return hold.ready;
};

const filled = (length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(length).map((_, at) => at % 251);

const echo: ServeFromBus = (_, exchange) =>
  serveWhole(exchange, mib, async (body) => ({ head: fine, body }));

const silent: ExchangeListener = {
  onBody: () => {},
  onEnd: () => {},
  onRoom: () => {},
  onCancel: () => {},
};
