/** One budget for each name or address, remembered until it would be full again anyway. */

export interface Budgets<Budget> {
  of(key: string): Budget;
  count(): number;
}

export interface BudgetsParts<Budget> {
  readonly nowMs: () => number;
  /** After so long without use a budget is as good as new. */
  readonly fullAfterMs: number;
  /** The one not used for longest makes room beyond so many. */
  readonly most: number;
  create(): Budget;
}

export function createBudgets<Budget>(parts: BudgetsParts<Budget>): Budgets<Budget> {
  // In order of last use.
  const kept = new Map<string, { readonly budget: Budget; readonly usedAtMs: number }>();
  return {
    of: (key) => {
      const now = parts.nowMs();
      const budget = kept.get(key)?.budget ?? parts.create();
      kept.delete(key);
      kept.set(key, { budget, usedAtMs: now });
      for (const [oldest, { usedAtMs }] of kept) {
        if (kept.size <= parts.most && now - usedAtMs <= parts.fullAfterMs) break;
        kept.delete(oldest);
      }
      return budget;
    },
    count: () => kept.size,
  };
}
