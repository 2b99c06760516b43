/** Who asks whom about whom: the subjects of a memory shared out among neighbours. (docs/protocol/events-and-ledger.md §6) */

/**
 * Deals names into parts by hash, so that everybody deals them alike.
 *
 * @param parts as many as there are names at most, one at least; none where there are no names.
 */
export function partitionSubjects(
  subjects: readonly string[],
  parts: number,
): readonly (readonly string[])[] {
  const count = Math.min(Math.max(parts, 1), subjects.length);
  const dealt: string[][] = Array.from({ length: count }, () => []);
  for (const subject of subjects) dealt[partOf(subject, count)]?.push(subject);
  return dealt;
}

function partOf(subject: string, parts: number): number {
  let part = 0;
  for (const character of subject) {
    part = (part * 31 + (character.codePointAt(0) ?? 0)) % parts;
  }
  return part;
}
