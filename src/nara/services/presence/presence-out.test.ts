import { expect, test } from "vitest";
import { afterMyChau, chauPayload } from "./chau-out.ts";
import { heyTherePayload, maySayHeyThere } from "./hey-there-out.ts";
import { noObservation } from "./observation.ts";

const me = { name: "alice", publicKey: "K", id: "ID", meshIp: "" };

test("hey_there is said at most every five seconds", () => {
  expect(maySayHeyThere(undefined, 0)).toBe(true);
  expect(maySayHeyThere(1_000, 6_000)).toBe(false);
  expect(maySayHeyThere(1_000, 6_001)).toBe(true);
});

test("an announcement carries all its fields, the inner signature empty", () => {
  expect(heyTherePayload(me)).toEqual({
    From: "alice",
    PublicKey: "K",
    MeshIP: "",
    ID: "ID",
    Signature: "",
  });
  expect(chauPayload(me)).toEqual({ From: "alice", PublicKey: "K", ID: "ID", Signature: "" });
});

test("who said chau is offline in their own eyes", () => {
  const own = { ...noObservation, online: "ONLINE", lastSeenS: 5 } as const;
  expect(afterMyChau(own)).toEqual({ ...own, online: "OFFLINE" });
});
