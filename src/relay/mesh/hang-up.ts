/** The end of a WebSocket, with its code and a reason for a person. (docs/tunnel.md §1) */
import type { WebSocket } from "ws";

/** How long the other end may take to answer a goodbye. */
const politeMs = 500;
/** RFC 6455 §5.5.1: 125 bytes less the code. */
const maxReasonBytes = 123;

export function hangUp(socket: WebSocket, code: number, reason: string): void {
  const bytes = Buffer.from(reason).subarray(0, maxReasonBytes);
  socket.close(code, bytes.toString("utf8").replace(/\ufffd$/, ""));
  const end = setTimeout(() => socket.terminate(), politeMs);
  socket.once("close", () => clearTimeout(end));
}
