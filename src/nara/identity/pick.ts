/** The element at an index known to be inside; a wrong one is a fault of ours, so it throws. */
export function pick<Element>(list: readonly Element[], index: number): Element {
  const element = list[index];
  if (element === undefined) {
    throw new RangeError(`no element ${index} in a list of ${list.length}`);
  }
  return element;
}
