/** Who wants to be told of something. */
import type { Cancel } from "../ports.ts";

export interface Listeners<News> {
  add(listener: (news: News) => void): Cancel;
  /** Calls everybody who listened when it began. */
  tell(news: News): void;
}

export function createListeners<News>(): Listeners<News> {
  const listeners = new Set<(news: News) => void>();
  return {
    add(listener) {
      const own = (news: News): void => listener(news);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    tell(news) {
      if (listeners.size === 0) return;
      for (const listener of [...listeners]) listener(news);
    },
  };
}
