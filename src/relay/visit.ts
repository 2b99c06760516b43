/** One visitor's time at the plaza: its packets through the gate to a broker, and back. */
import type { Duplex } from "node:stream";
import { type Credentials, createGate, type Verdict } from "./gate.ts";
import type { VisitorLimits } from "./limits.ts";
import { createPacketReader } from "./packet-reader.ts";
import { closeCode, type Goodbye, type Visitor } from "./visitor.ts";

/** The broker's side of a visit. */
export interface BrokerSide {
  readonly stream: Duplex;
  /** Why `stream` closed, and a last packet for the visitor if one is due. */
  farewell(): { readonly goodbye: Goodbye; readonly packet?: Buffer };
}

export interface VisitParts {
  readonly visitor: Visitor;
  readonly limits: VisitorLimits;
  readonly credentials: Credentials;
  /** A reader that falls behind is cut off, or makes the broker wait. */
  readonly slowReader: "cut" | "wait";
  readonly nowMs: () => number;
  readonly inventName: () => string;
  /** Called once, when a CONNECT has passed. The stream takes bytes at once. */
  openBroker(clientId: string): BrokerSide;
  /** The visitor was cut off. */
  onCut(clientId: string | undefined, why: string): void;
}

export interface Visit {
  /** Ends it from our side. */
  end(goodbye: Goodbye): void;
}

/** Type and flags of CONNECT, MQTT 3.1.1 §3.1.1. */
const connectByte = 0x10;
/** How long a broker may take to close after the visitor left. */
const brokerLingerMs = 5_000;

export function beginVisit(parts: VisitParts): Visit {
  const { visitor, limits } = parts;
  const gate = createGate(parts);
  const reader = createPacketReader();
  let broker: BrokerSide | undefined;
  let over = false;

  const leave = (goodbye: Goodbye, packet?: Buffer): void => {
    if (over) return;
    over = true;
    clearTimeout(firstPacketDeadline);
    if (packet !== undefined && visitor.stream.writable) visitor.stream.write(packet);
    visitor.dismiss(goodbye);
  };
  const cutOff = (why: string, packet?: Buffer): void => {
    if (over) return;
    parts.onCut(gate.clientId(), why);
    leave({ code: closeCode.policy, reason: why }, packet);
    broker?.stream.destroy();
  };
  const firstPacketDeadline = setTimeout(
    () => cutOff("no CONNECT came"),
    limits.firstPacketTimeoutMs,
  );

  const toVisitor = (chunk: Buffer): void => {
    if (over || !visitor.stream.writable) return;
    const keepsUp = visitor.stream.write(chunk);
    if (keepsUp) return;
    if (parts.slowReader === "wait") {
      broker?.stream.pause();
      visitor.stream.once("drain", () => broker?.stream.resume());
    } else if (visitor.stream.writableLength > limits.maxQueuedBytes) {
      cutOff("too slow a reader");
    }
  };
  const openBroker = (clientId: string): BrokerSide => {
    clearTimeout(firstPacketDeadline);
    const side = parts.openBroker(clientId);
    side.stream.on("error", () => {});
    side.stream.on("data", toVisitor);
    side.stream.once("end", () => side.stream.destroy());
    side.stream.once("close", () => {
      if (over) return;
      const { goodbye, packet } = side.farewell();
      leave(goodbye, packet);
    });
    return side;
  };

  /** Undefined once the visitor has been cut off. */
  const judgeAll = (): Buffer[] | undefined => {
    const passed: Buffer[] = [];
    for (;;) {
      const isFirst = gate.clientId() === undefined;
      const firstByte = reader.firstByte();
      if (isFirst && firstByte !== undefined && firstByte !== connectByte) {
        cutOff("the first packet is no CONNECT");
        return undefined;
      }
      const next = reader.next(isFirst ? limits.maxConnectBytes : limits.maxPacketBytes);
      if (!next.ok) {
        cutOff(next.refusal);
        return undefined;
      }
      if (next.value === undefined) return passed;
      const verdict: Verdict = gate.judge(next.value);
      if (verdict.action === "cut") {
        cutOff(verdict.why, verdict.packet);
        return undefined;
      }
      if (verdict.action === "answer") toVisitor(verdict.packet);
      else passed.push(verdict.packet);
    }
  };

  visitor.stream.on("data", (chunk: Buffer) => {
    if (over) return;
    reader.push(chunk);
    const passed = judgeAll();
    const clientId = gate.clientId();
    if (passed === undefined || passed.length === 0 || clientId === undefined) return;
    broker ??= openBroker(clientId);
    if (!broker.stream.write(Buffer.concat(passed))) {
      visitor.stream.pause();
      broker.stream.once("drain", () => visitor.stream.resume());
    }
  });
  const onGone = (): void => {
    over = true;
    clearTimeout(firstPacketDeadline);
    const stream = broker?.stream;
    if (stream === undefined || stream.destroyed || stream.writableEnded) return;
    stream.resume();
    stream.end();
    const end = setTimeout(() => stream.destroy(), brokerLingerMs);
    stream.once("close", () => clearTimeout(end));
  };
  visitor.stream.once("end", onGone);
  visitor.stream.once("close", onGone);

  return {
    end: (goodbye) => {
      leave(goodbye);
      broker?.stream.destroy();
    },
  };
}
