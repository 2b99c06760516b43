/** What every room of the page shares: the client, the avatars' stage, the ticking now. */
import { type Accessor, createContext, createSignal, onCleanup, useContext } from "solid-js";
import type { Stage } from "./avatar/stage.ts";
import type { NaraClient } from "./nara-client.ts";

export interface House {
  readonly client: NaraClient;
  readonly stage: Stage;
  /** Wall clock in ms, a new one each second while the page is seen. */
  readonly now: Accessor<number>;
  /** No animation is wanted. */
  readonly still: boolean;
  /** What the page itself remembers between visits; nothing of the network is among it. */
  readonly notes: Notes;
}

/** Small yes-or-no memories of this browser. */
export interface Notes {
  has(note: Note): boolean;
  set(note: Note, yes: boolean): void;
}

/** `met`: a birth was watched here. `knows`: the stranger's note was put away. */
export type Note = "met" | "knows";

export const HouseContext = createContext<House>();

export const useHouse = (): House => {
  const house = useContext(HouseContext);
  if (house === undefined) throw new Error("a room outside the house");
  return house;
};

export const createNow = (page: Window): Accessor<number> => {
  const [now, setNow] = createSignal(Date.now());
  const tick = (): void => {
    if (page.document.visibilityState === "visible") setNow(Date.now());
  };
  const timer = page.setInterval(tick, 1000);
  page.document.addEventListener("visibilitychange", tick);
  onCleanup(() => {
    page.clearInterval(timer);
    page.document.removeEventListener("visibilitychange", tick);
  });
  return now;
};

/** Kept in local storage; a browser that forbids it simply forgets. */
export const createNotes = (page: Window): Notes => ({
  has(note) {
    try {
      return page.localStorage.getItem(`nara-tab:${note}`) !== null;
    } catch {
      return false;
    }
  },
  set(note, yes) {
    try {
      if (yes) page.localStorage.setItem(`nara-tab:${note}`, "yes");
      else page.localStorage.removeItem(`nara-tab:${note}`);
    } catch {
      // Private modes may refuse to remember; the page works without.
    }
  },
});
