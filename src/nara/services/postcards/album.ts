/**
 * My own postcards as their sender knows them: when they left and came home, who took them first,
 * who told of having seen one. In between nobody knows where a postcard is.
 */
import type { PostcardHome, PostcardsView, PostcardUnderWay } from "../../view.ts";
import { hopsOf } from "./chain.ts";
import { type Journeys, journeyTimeoutMs } from "./journeys.ts";

export interface Album {
  sent(id: string, atMs: number): void;
  taken(id: string, by: string): void;
  cameHome(id: string, atMs: number): void;
  /**
   * Somebody told of a postcard of mine that came by, but not of which: it says something only
   * while a single one is under way. True when the view is another for it.
   */
  sawOne(by: string, atMs: number, nowMs: number): boolean;
  /** True when another one counts as lost since the last time. */
  giveUp(nowMs: number): boolean;
  /** I handed on somebody else's. */
  carried(): void;
  isHome(id: string): boolean;
  view(): PostcardsView;
}

interface Story {
  readonly sentAtMs: number;
  /** 0 while it is not home. */
  readonly homeAtMs: number;
  readonly takenBy: string;
  readonly seenBy: readonly string[];
  readonly isLost: boolean;
}

const unwritten: Story = { sentAtMs: 0, homeAtMs: 0, takenBy: "", seenBy: [], isLost: false };
/** Names told for one postcard. */
const mostSeen = 20;

export function createAlbum(journeys: Pick<Journeys, "underWay" | "gallery">): Album {
  const stories = new Map<string, Story>();
  let others = 0;

  const storyOf = (id: string): Story => stories.get(id) ?? unwritten;
  const tell = (id: string, more: Partial<Story>): void => {
    if (stories.has(id)) stories.set(id, { ...storyOf(id), ...more });
  };
  const forgetOld = (): void => {
    const kept = new Set([
      ...journeys.underWay().map(({ card }) => card.id),
      ...journeys.gallery().map(({ id }) => id),
    ]);
    for (const id of [...stories.keys()]) if (!kept.has(id)) stories.delete(id);
  };

  return {
    sent(id, atMs) {
      forgetOld();
      stories.set(id, { ...unwritten, sentAtMs: atMs });
    },
    taken: (id, takenBy) => tell(id, { takenBy }),
    cameHome: (id, homeAtMs) => tell(id, { homeAtMs, isLost: false }),
    sawOne(by, atMs, nowMs) {
      const travelling = journeys.underWay().filter(({ card }) => !isOver(storyOf(card.id), nowMs));
      const [only] = travelling;
      if (only === undefined || travelling.length > 1) return false;
      const { sentAtMs, seenBy } = storyOf(only.card.id);
      if (atMs < sentAtMs || seenBy.includes(by) || seenBy.length >= mostSeen) return false;
      tell(only.card.id, { seenBy: [...seenBy, by] });
      return true;
    },
    giveUp(nowMs) {
      const lost = journeys.underWay().filter(({ card }) => {
        const story = storyOf(card.id);
        return !story.isLost && isOver(story, nowMs);
      });
      for (const { card } of lost) tell(card.id, { isLost: true });
      return lost.length > 0;
    },
    carried() {
      others += 1;
    },
    isHome: (id) => storyOf(id).homeAtMs !== 0,
    view: () => ({
      underWay: journeys
        .underWay()
        .map(({ card }): PostcardUnderWay => {
          const { sentAtMs, takenBy, seenBy, isLost } = storyOf(card.id);
          return { id: card.id, message: card.message, sentAtMs, takenBy, seenBy, isLost };
        })
        .reverse(),
      home: journeys.gallery().map((card): PostcardHome => {
        const { sentAtMs, homeAtMs } = storyOf(card.id);
        const hops = hopsOf(card).map(({ nara, stamp, timestamp }) => ({
          ...{ nara, stamp },
          atMs: Number(timestamp) * 1000,
        }));
        return { id: card.id, message: card.message, sentAtMs, homeAtMs, hops };
      }),
      carried: others,
    }),
  };
}

const isOver = ({ sentAtMs }: Story, nowMs: number): boolean => nowMs - sentAtMs > journeyTimeoutMs;
