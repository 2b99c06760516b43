/** The machine under a resident, as Node knows it. */
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, hostname, loadavg, uptime } from "node:os";
import type { Host } from "../nara/host.ts";

const mib = 1024 * 1024;

export function createNodeMachine(): Host {
  const readCpu = createCpuShare();
  return {
    load: () => {
      const [oneMinute = 0] = loadavg();
      return oneMinute / availableParallelism();
    },
    figures() {
      const { heapUsed, heapTotal, rss } = process.memoryUsage();
      return {
        uptimeS: uptime(),
        memAllocMb: heapUsed / mib,
        memHeapMb: heapTotal / mib,
        memSysMb: rss / mib,
        procCpuPercent: readCpu(),
      };
    },
    looks: {
      hostname: hostname(),
      raspberryPi: firstWords("/proc/device-tree/model").includes("Raspberry Pi"),
      nixOs: existsSync("/etc/NIXOS"),
      kubernetes: process.env.KUBERNETES_SERVICE_HOST !== undefined,
      browser: false,
      phone: false,
    },
    minuteOfDay() {
      const now = new Date();
      return now.getHours() * 60 + now.getMinutes();
    },
  };
}

/** Of one core, in percent, since it was asked last but at least a second ago. */
function createCpuShare(): () => number {
  let atMs = performance.now();
  let spent = process.cpuUsage();
  let percent = 0;
  return () => {
    const passedMs = performance.now() - atMs;
    if (passedMs < 1000) return percent;
    const { user, system } = process.cpuUsage(spent);
    percent = Math.round((user + system) / passedMs) / 10;
    atMs += passedMs;
    spent = process.cpuUsage();
    return percent;
  };
}

function firstWords(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
