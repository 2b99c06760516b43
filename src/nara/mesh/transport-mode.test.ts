import { expect, test } from "vitest";
import { createTransport } from "./transport-mode.ts";

function stage(first: string) {
  let address = first;
  let addressChanged = (): void => {};
  const transport = createTransport({
    chosen: "auto",
    address: () => address,
    onAddressChange(listener) {
      addressChanged = listener;
      return () => {};
    },
  });
  const told: string[] = [];
  transport.onChange(() => told.push(transport.mode()));
  const move = (to: string): void => {
    address = to;
    addressChanged();
  };
  return { transport, told, move };
}

test("where nothing is chosen an address makes it hybrid, and none makes it mqtt", () => {
  const { transport, told, move } = stage("");
  expect(transport.mode()).toBe("mqtt");
  move("100.64.0.1");
  move("100.64.0.2");
  expect(transport.mode()).toBe("hybrid");
  move("");
  expect(told).toEqual(["hybrid", "mqtt"]);
});

test("what is chosen holds wherever others call, and only a change is told", () => {
  const { transport, told, move } = stage("100.64.0.1");
  transport.choose("hybrid");
  move("");
  expect(told).toEqual([]);
  transport.choose("gossip");
  transport.choose("gossip");
  transport.choose("auto");
  expect(told).toEqual(["gossip", "mqtt"]);
  expect(transport.chosen()).toBe("auto");
});
