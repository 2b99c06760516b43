/** Names to IP addresses, so that one that takes its time holds up nobody else. */
import { lookup, Resolver } from "node:dns/promises";

/**
 * Addresses of a host, none when there are none or they take too long. Never rejects.
 *
 * @param trusted by this machine's own rules, its hosts file too; else by DNS alone.
 */
export type Resolve = (host: string, trusted: boolean) => Promise<readonly string[]>;

/** One try. The reference's peers give up on all of a question after 5 s. */
const timeoutMs = 2_000;

export const resolveHost: Resolve = async (host, trusted) => {
  if (trusted) {
    // Waits in a thread that others need too, so only for what the operator listed.
    const found = await lookup(host, { all: true }).catch(() => []);
    return found.map(({ address }) => address);
  }
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return [
    ...(v4.status === "fulfilled" ? v4.value : []),
    ...(v6.status === "fulfilled" ? v6.value : []),
  ];
};
