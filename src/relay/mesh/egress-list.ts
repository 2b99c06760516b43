/** What `--allow-egress` says: `host:port` and ranges of addresses, with commas between. */
import { isIP } from "node:net";
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";
import { parseAuthority } from "./authority.ts";
import { type IpRange, readIpRange } from "./ip-ranges.ts";

export interface EgressList {
  /** `host:port`, as `parseAuthority` writes them. */
  readonly authorities: readonly string[];
  readonly ranges: readonly IpRange[];
}

/** A refusal names the entry that is neither. A bare address is the range of itself. */
export function readEgressList(text: string): Outcome<EgressList> {
  const authorities: string[] = [];
  const ranges: IpRange[] = [];
  for (const entry of text.split(",").map((part) => part.trim())) {
    if (entry === "") continue;
    const range = isIP(entry) === 0 ? entry : `${entry}/${isIP(entry) === 4 ? 32 : 128}`;
    const read = readIpRange(range);
    if (read.ok) {
      ranges.push(read.value);
      continue;
    }
    const authority = /:\d{1,5}$/.test(entry) ? parseAuthority(entry.toLowerCase()) : undefined;
    if (authority === undefined) {
      return refuse(`${JSON.stringify(entry.slice(0, 80))} is neither HOST:PORT nor a CIDR`);
    }
    authorities.push(authority.text);
  }
  return accept({ authorities, ranges });
}
