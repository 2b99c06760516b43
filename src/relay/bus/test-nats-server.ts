/** A real nats-server on a free port of 127.0.0.1, for tests of what talks to one. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { startProgram } from "../../../e2e/support/program.ts";

export interface NatsServer {
  /** `nats://127.0.0.1:port`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** @param port the one that a server before it had; without it, a free one. */
export async function startNatsServer(port = -1): Promise<NatsServer> {
  // Debian keeps daemons where ordinary users do not look.
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const command = folders.map((folder) => join(folder, "nats-server")).find(existsSync);
  if (command === undefined) {
    throw new Error("nats-server is not installed: apt-get install nats-server (or nats.io)");
  }
  const ready = /client connections on 127\.0\.0\.1:(\d+)[\s\S]*Server is ready/;
  const program = await startProgram(command, ["-a", "127.0.0.1", "-p", String(port)], ready);
  return { url: `nats://127.0.0.1:${program.sign[1]}`, stop: program.stop };
}
