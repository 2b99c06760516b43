/** The vote about me: asking for it, who has voted and how, what came of it. */
import { For, Show } from "solid-js";
import type { BallotView } from "../../nara/view.ts";
import { useHouse } from "../house.ts";
import { Answer, createAnswer } from "../settings/answer.tsx";
import { ballotLine, figuresLine, leftLine, verdictLine } from "./checkpoint-words.ts";

export const Ballot = () => {
  const { client, now } = useHouse();
  const answer = createAnswer();
  const ballot = (): BallotView | null => client.living.checkpoints.ballot;
  const isOpen = (): boolean => ballot() !== null && ballot()?.outcome === null;
  const ask = async (): Promise<void> => {
    const result = await answer.ask(client.command({ type: "ask-checkpoint" }));
    if (result.ok) answer.say("you have asked your neighbours.");
  };
  return (
    <section class="ballot" aria-labelledby="ballot-title">
      <h3 id="ballot-title">the vote about you</h3>
      <Show
        when={ballot()}
        fallback={
          <p class="help">
            none since you woke. your nara asks once a day by itself, when six neighbours are here.
          </p>
        }
      >
        {(open) => (
          <>
            <p>
              you said: {figuresLine(open().proposed)}. <br />
              <strong role="status">{ballotLine(open())}</strong>{" "}
              <span class="soft">{leftLine(open(), now())}</span>
            </p>
            <Show when={isOpen()}>
              <progress
                aria-label="votes"
                max={Math.max(1, open().expected)}
                value={open().votes.length}
              />
            </Show>
            <ul class="voters" aria-label="votes about you">
              <For each={open().votes}>
                {(vote) => (
                  <li data-verdict={vote.agrees ? "same" : "other"}>
                    <span class="mark" aria-hidden="true">
                      {vote.agrees ? "✓" : "≠"}
                    </span>
                    <bdi>{vote.name}</bdi>
                    <span class="soft">{verdictLine(vote)}</span>
                  </li>
                )}
              </For>
            </ul>
          </>
        )}
      </Show>
      <button type="button" disabled={answer.busy() || isOpen()} onClick={ask}>
        ask for a checkpoint
      </button>
      <Show when={answer.text() !== ""}>
        <Answer answer={answer} />
      </Show>
    </section>
  );
};
