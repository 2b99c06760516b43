/** The same in an order of chance, each equally likely. */
import type { Random } from "../ports.ts";

export function shuffled<Item>(
  items: readonly Item[],
  { fraction }: Pick<Random, "fraction">,
): Item[] {
  const mixed = [...items];
  for (let end = mixed.length; end > 1; end--) {
    const [picked] = mixed.splice(Math.floor(fraction() * end), 1);
    if (picked !== undefined) mixed.push(picked);
  }
  return mixed;
}
