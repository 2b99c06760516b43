import { expect, test } from "vitest";
import { attestationText } from "./attestation.ts";

const claim = {
  version: 1,
  attesterId: "me",
  subjectId: "you",
  asOfS: 3,
  restarts: 4,
  totalUptimeS: 5,
  startTimeS: 6,
  lastSeenCheckpointId: "",
};

test("versions 0 and 1 sign the same text and say nothing of checkpoints", () => {
  expect(attestationText(claim)).toBe("attestation:v1:me:you:3:4:5:6");
  expect(attestationText({ ...claim, version: 0, lastSeenCheckpointId: "cp" })).toBe(
    "attestation:v1:me:you:3:4:5:6",
  );
});

test("later versions end in the last checkpoint seen, be it none", () => {
  expect(attestationText({ ...claim, version: 2 })).toBe("attestation:v2:me:you:3:4:5:6:");
  expect(attestationText({ ...claim, version: 7, lastSeenCheckpointId: "cp" })).toBe(
    "attestation:v7:me:you:3:4:5:6:cp",
  );
});
