/** A real mosquitto with a password file, over TCP and over WebSocket. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "./free-port.ts";
import { startProgram } from "./program.ts";

export interface PasswordPlaza {
  /** What it is, for the test's report. */
  readonly kind: string;
  /** `mqtt://host:port`, without user and password. */
  readonly url: string;
  /** `ws://host:port`, without user and password. */
  readonly webSocketUrl: string;
  stop(): Promise<void>;
}

/** Undefined where mosquitto is not installed. */
export async function startMosquitto(
  user: string,
  password: string,
): Promise<PasswordPlaza | undefined> {
  const mosquitto = found("mosquitto");
  const mosquittoPasswd = found("mosquitto_passwd");
  if (mosquitto === undefined || mosquittoPasswd === undefined) {
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "nara-mosquitto-"));
  const passwords = join(folder, "passwords");
  spawnSync(mosquittoPasswd, ["-b", "-c", passwords, user, password]);
  const [port, webSocketPort] = [await freePort(), await freePort()];
  const settings = [
    ...(process.getuid?.() === 0 ? ["user root"] : []),
    "allow_anonymous false",
    `password_file ${passwords}`,
    "persistence false",
    `listener ${port} 127.0.0.1`,
    `listener ${webSocketPort} 127.0.0.1`,
    "protocol websockets",
  ];
  const settingsFile = join(folder, "mosquitto.conf");
  writeFileSync(settingsFile, `${settings.join("\n")}\n`);
  const program = await startProgram(mosquitto, ["-v", "-c", settingsFile], /version .* running/);
  return {
    kind: "mosquitto",
    url: `mqtt://127.0.0.1:${port}`,
    webSocketUrl: `ws://127.0.0.1:${webSocketPort}`,
    stop: async () => {
      await program.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Debian keeps daemons where ordinary users do not look. */
function found(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, program)).find(existsSync);
}
