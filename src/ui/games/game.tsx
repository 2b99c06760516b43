/** Rock-paper-scissors with a neighbour: choose a hand, and see what it chose. */
import { createSignal, For } from "solid-js";
import type { CommandResult } from "../../worker/protocol.ts";
import { Dialog } from "../dialog.tsx";
import { useHouse } from "../house.ts";
import { Answer, createAnswer } from "../settings/answer.tsx";
import { type Hand, hands, iconOf, playedLine, scoreLine } from "./game-words.ts";
import "./game.css";

type Played = Extract<CommandResult, { type: "played" }>["played"];

export const Game = (props: { readonly name: string; readonly onClose: () => void }) => {
  const { client } = useHouse();
  const [mine, setMine] = createSignal<Hand | undefined>();
  const [played, setPlayed] = createSignal<Played | undefined>();
  const answer = createAnswer();

  /** The buttons stay what they are meanwhile, so that nobody loses the place. */
  const play = async (hand: Hand): Promise<void> => {
    if (answer.busy()) return;
    setMine(hand);
    setPlayed(undefined);
    const result = await answer.ask(client.command({ type: "play", name: props.name, hand }));
    if (result.ok && result.type === "played") {
      setPlayed(result.played);
      answer.say(playedLine(result.played));
    } else setMine(undefined);
  };

  const ownSide = (): string => iconOfMaybe(mine()) || "🤔";
  const otherSide = (): string => {
    if (answer.busy()) return "✉️";
    const game = played();
    return game === undefined ? "🤔" : iconOfMaybe(game.theirs) || "🫥";
  };

  return (
    <Dialog
      id="game"
      class="game"
      title={
        <>
          a game with <bdi>{props.name}</bdi>
        </>
      }
      onClose={props.onClose}
    >
      <p class="story-line">
        rock blunts scissors, scissors cut paper, paper wraps rock. both hands go on the table
        sealed, so nobody can wait and see.
      </p>
      <div class="game-table" data-outcome={played()?.outcome} aria-hidden="true">
        <figure>
          <span class="game-hand">{ownSide()}</span>
          <figcaption>you</figcaption>
        </figure>
        <figure>
          <span class="game-hand">{otherSide()}</span>
          <figcaption>
            <bdi>{props.name}</bdi>
          </figcaption>
        </figure>
      </div>
      <Answer answer={answer} />
      <fieldset class="game-hands" aria-busy={answer.busy()}>
        <legend>{answer.busy() ? `waiting for ${props.name}…` : "your hand"}</legend>
        <For each={hands}>
          {({ hand, icon }) => (
            <button type="button" aria-disabled={answer.busy()} onClick={() => play(hand)}>
              <span aria-hidden="true">{icon}</span> {hand}
            </button>
          )}
        </For>
      </fieldset>
      <p class="help game-score">{scoreLine(client.living.games)}</p>
    </Dialog>
  );
};

const iconOfMaybe = (hand: Hand | undefined): string => (hand === undefined ? "" : iconOf(hand));
