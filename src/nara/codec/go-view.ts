/** One Go type seen as another: the wire's words on one side, ours on the other. */
import type { GoType } from "./go-types.ts";

/** `type`, read through `see` and printed through `say`. */
export const viewed = <Wire, Ours>(
  type: GoType<Wire>,
  see: (wire: Wire) => Ours,
  say: (ours: Ours) => Wire,
): GoType<Ours> => {
  const zero = see(type.zero());
  return {
    ...type,
    plain: undefined,
    zero: () => zero,
    read: (reader, before) => see(type.read(reader, before === zero ? type.zero() : say(before))),
    isEmpty: (value) => type.isEmpty(say(value)),
    print: (value) => type.print(say(value)),
  };
};
