/** How the page puts letting others look in. */

/** What came of letting others look in, or of not. @param address the mesh's; "" for none. */
export function lookInLine(letsLookIn: boolean, address: string): string {
  if (!letsLookIn) return "from now on its address answers naras alone.";
  if (address === "") return "from now on others may look in, once it can be called.";
  return `from now on others may look in at ${placeOfLooks(address)}.`;
}

/** Port of an address that names none (docs/protocol/mesh-runtime-checkpoints.md §1). */
const meshPort = 7433;

/** Where dashboards begin (docs/server.md, Web API). */
export const placeOfLooks = (address: string): string =>
  `http://${address.includes(":") ? address : `${address}:${meshPort}`}/narae.json`;
