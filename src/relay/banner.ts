/** What the server says once it is up. */
import type { RunningServer } from "./server.ts";

type Shown = Pick<RunningServer, "url" | "plazaAddresses" | "residents" | "webApis">;

export function banner({ url, plazaAddresses, residents, webApis }: Shown): string {
  const who = residents.length === 0 ? "nobody yet: you will be the first" : residents.join(", ");
  return [
    "",
    "  The barrio is awake.",
    "",
    `  Open ${url} and you are a nara.`,
    "",
    `  plaza      ${plazaAddresses.join("  ")}`,
    `  residents  ${who}`,
    ...(webApis.length === 0 ? [] : [`  web API    ${webApis.join("  ")}`]),
    "",
    "  Ctrl+C, and everyone says chau.",
    "",
  ].join("\n");
}
