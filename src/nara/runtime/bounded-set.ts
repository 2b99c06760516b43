/** A set that forgets its oldest members beyond a bound. */
export interface BoundedSet {
  has(member: string): boolean;
  add(member: string): void;
  readonly size: number;
}

/** Two generations: when the young one is full, the old one is forgotten whole. */
export function createBoundedSet(bound: number): BoundedSet {
  const half = Math.max(1, Math.ceil(bound / 2));
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    has: (member) => young.has(member) || old.has(member),
    add(member) {
      if (young.size >= half) {
        old = young;
        young = new Set();
      }
      young.add(member);
    },
    get size() {
      return young.size + old.size;
    },
  };
}
