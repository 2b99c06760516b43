/** What every way to peers must do, whatever carries the requests. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { meshUrl } from "../../nara/mesh/address.ts";
import type {
  MeshBounds,
  MeshHandler,
  MeshRequest,
  MeshResponse,
  MeshTransport,
} from "../../nara/mesh/http.ts";

export interface MeshStage {
  readonly alice: MeshTransport;
  readonly bob: MeshTransport;
  /** A base URL where nobody listens. */
  readonly desertedUrl: string;
  stop(): Promise<void>;
}

/** Time to answer on a busy machine. */
const patient: MeshBounds = { deadlineMs: 20_000, maxBodyBytes: 4 * 1024 * 1024 };
const impatient: MeshBounds = { ...patient, deadlineMs: 50 };

export function meshAcceptance(name: string, open: () => Promise<MeshStage>): void {
  describe(`${name} as a mesh`, () => {
    let stage: MeshStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.stop());

    const askBob = async (
      handler: MeshHandler,
      request: Partial<MeshRequest>,
      bounds = patient,
    ) => {
      const cancel = stage.bob.serve(handler);
      const outcome = await stage.alice.send(bobsUrl(), { ...plain, ...request }, bounds);
      cancel();
      return outcome;
    };
    const bobsUrl = (): string => meshUrl(stage.bob.address());

    test("bob hears exactly what alice asks: method, escapes, query, names of any script, bytes", async () => {
      const heard: MeshRequest[] = [];
      const headers = [
        ["x-nara-name", "zoë-日本"],
        ["x-nara-timestamp", "1700000000000"],
        ["x-nara-signature", "AAAA+/=="],
      ] as const;
      await askBob(
        async (request) => {
          heard.push(request);
          return answered(200);
        },
        {
          method: "POST",
          target: "/a%20b//c?target=caf%C3%A9+%26&asked=x,y",
          headers: new Map(headers),
          body: allBytes,
        },
      );
      expect(heard).toHaveLength(1);
      expect(heard[0]).toMatchObject({
        method: "POST",
        target: "/a%20b//c?target=caf%C3%A9+%26&asked=x,y",
      });
      for (const [name, value] of headers) expect(heard[0]?.headers.get(name)).toBe(value);
      expect(Buffer.compare(heard[0]?.body ?? new Uint8Array(), allBytes)).toBe(0);
    });

    test("alice gets exactly what bob answers: status, headers, bytes", async () => {
      const headers = [
        ["content-type", "application/json; charset=utf-8"],
        ["x-nara-name", "zoë-日本"],
        ["x-nara-signature", "BBBB+/=="],
      ] as const;
      const outcome = await askBob(async () => answered(403, allBytes, headers), {});
      expect(outcome.ok && outcome.value.status).toBe(403);
      for (const [name, value] of headers) {
        expect(outcome.ok && outcome.value.headers.get(name)).toBe(value);
      }
      expect(outcome.ok && Buffer.compare(outcome.value.body, allBytes)).toBe(0);
    });

    test("a redirect is an answer, not a way to follow", async () => {
      const asked: string[] = [];
      const outcome = await askBob(
        async ({ target }) => {
          asked.push(target);
          return answered(307, new Uint8Array(), [["location", "/elsewhere"]]);
        },
        { target: "//ping" },
      );
      expect(outcome).toMatchObject({ ok: true, value: { status: 307 } });
      expect(outcome.ok && outcome.value.headers.get("location")).toBe("/elsewhere");
      expect(asked).toEqual(["//ping"]);
    });

    test("megabytes go both ways", async () => {
      const large = new Uint8Array(2 * 1024 * 1024).map((_, index) => index % 251);
      const outcome = await askBob(async ({ body }) => answered(200, body), {
        method: "POST",
        body: large,
      });
      expect(outcome.ok && Buffer.compare(outcome.value.body, large)).toBe(0);
    });

    test("long bodies leave nothing behind that would be in the way of those to come", async () => {
      const large = new Uint8Array(1024 * 1024).fill(7);
      for (let round = 0; round < 4; round++) {
        const outcomes = await Promise.all(
          [0, 1, 2].map(() =>
            askBob(async ({ body }) => answered(200, body), { method: "POST", body: large }),
          ),
        );
        expect(outcomes.map((one) => one.ok && one.value.body.length)).toEqual(
          outcomes.map(() => large.length),
        );
      }
    });

    test("of many questions at once each gets its own answer, in whatever order they are given", async () => {
      const waiting: (() => void)[] = [];
      const cancel = stage.bob.serve(
        ({ target }) =>
          new Promise((resolve) => {
            waiting.push(() => resolve(answered(200, Buffer.from(target))));
            if (waiting.length === 20) for (const answer of waiting.reverse()) answer();
          }),
      );
      const targets = Array.from({ length: 20 }, (_, index) => `/n?i=${index}`);
      const answers = await Promise.all(
        targets.map((target) => stage.alice.send(bobsUrl(), { ...plain, target }, patient)),
      );
      cancel();
      expect(answers.map((one) => one.ok && Buffer.from(one.value.body).toString())).toEqual(
        targets,
      );
    });

    test("who is being asked can ask back before it answers", async () => {
      const stopAlice = stage.alice.serve(async () => answered(200, Buffer.from("yes, alice")));
      const outcome = await askBob(async () => {
        const back = await stage.bob.send(meshUrl(stage.alice.address()), plain, patient);
        return back.ok ? back.value : answered(500);
      }, {});
      stopAlice();
      expect(outcome.ok && Buffer.from(outcome.value.body).toString()).toBe("yes, alice");
    });

    test("where nobody listens is unreachable, and so is what is no address", async () => {
      for (const url of [stage.desertedUrl, "http://fd7a::1", "nowhere"]) {
        const outcome = await stage.alice.send(url, plain, patient);
        expect(outcome, url).toMatchObject({ ok: false, refusal: { type: "unreachable" } });
      }
    });

    test("an answer beyond the bounds is refused, and the next one is heard", async () => {
      const bounds = { ...patient, maxBodyBytes: 1000 };
      const tooMuch = await askBob(async () => answered(200, new Uint8Array(1001)), {}, bounds);
      expect(tooMuch).toMatchObject({ ok: false, refusal: { type: "too_large" } });
      const enough = await askBob(async () => answered(200, new Uint8Array(1000)), {}, bounds);
      expect(enough).toMatchObject({ ok: true, value: { status: 200 } });
    });

    test("who never answers costs its deadline and nobody else's", async () => {
      const never = askBob(() => new Promise<MeshResponse>(() => {}), {}, impatient);
      expect(await never).toMatchObject({ ok: false, refusal: { type: "timeout" } });
      expect(await askBob(async () => answered(200), {})).toMatchObject({ ok: true });
    });
  });
}

const plain: MeshRequest = {
  method: "GET",
  target: "/ping",
  headers: new Map(),
  body: new Uint8Array(),
};

const allBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

const answered = (
  status: number,
  body: Uint8Array = new Uint8Array(),
  headers: readonly (readonly [string, string])[] = [],
): MeshResponse => ({ status, headers: new Map(headers), body });
