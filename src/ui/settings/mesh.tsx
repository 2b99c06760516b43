/** Past the plaza: where others call this nara, what goes from hand to hand, and how it talks. */
import { createSignal, For, Show } from "solid-js";
import type { TransportChoice } from "../../nara/view.ts";
import { useHouse } from "../house.ts";
import {
  lacking,
  rememberedLine,
  rememberingLine,
  talkLine,
  transportChoices,
  transportMeaning,
} from "../mesh-words.ts";
import { ago, counted } from "../words.ts";
import { Answer, createAnswer } from "./answer.tsx";
import { Choice } from "./choice.tsx";

export const Mesh = () => {
  const { client, now } = useHouse();
  const mesh = () => client.living.mesh;
  const [choice, setChoice] = createSignal<TransportChoice>(mesh().chosen);
  const answer = createAnswer();
  const when = (atMs: number): string => (atMs === 0 ? "" : `, the last ${ago(now(), atMs)}`);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const chosen = choice();
    const result = await answer.ask(client.command({ type: "set-transport", choice: chosen }));
    if (result.ok) answer.say(talkLine(chosen));
  };

  return (
    <form onSubmit={submit}>
      <p>
        past the plaza naras call each other: they hand on <strong>zines</strong>, little papers of
        what they came to know, fetch memories, whisper, and carry postcards. a page cannot be
        called by itself, so a relay takes its calls.
      </p>
      <dl class="facts">
        <div>
          <dt>called at</dt>
          <dd>
            <Show when={mesh().address !== ""} fallback="nowhere">
              <code>{mesh().address}</code>
            </Show>
            <Show when={mesh().trouble !== ""}>
              <span class="soft"> {mesh().trouble}</span>
            </Show>
          </dd>
        </div>
        <div>
          <dt>can call</dt>
          <dd>{mesh().peers === 1 ? "1 neighbour" : `${counted(mesh().peers)} neighbours`}</dd>
        </div>
        <div>
          <dt>zines given</dt>
          <dd data-zines-given={mesh().zines.given}>
            {counted(mesh().zines.given)}
            <span class="soft">{when(mesh().zines.lastGivenAtMs)}</span>
          </dd>
        </div>
        <div>
          <dt>zines taken</dt>
          <dd data-zines-taken={mesh().zines.taken}>
            {counted(mesh().zines.taken)}
            <span class="soft">{when(mesh().zines.lastTakenAtMs)}</span>
          </dd>
        </div>
      </dl>
      <Show when={rememberingLine(mesh()) ?? rememberedLine(mesh())}>
        {(line) => <p class="soft">{line()}</p>}
      </Show>
      <Show when={mesh().missing.length > 0}>
        <p>as things are:</p>
        <ul>
          <For each={mesh().missing}>{(ability) => <li>{lacking(ability)}</li>}</For>
        </ul>
      </Show>
      <fieldset>
        <legend>talk</legend>
        <For each={transportChoices}>
          {(one) => (
            <Choice group="transport" chosen={choice() === one} onChoose={() => setChoice(one)}>
              {transportMeaning(one)}
            </Choice>
          )}
        </For>
      </fieldset>
      <button type="submit" class="primary" disabled={answer.busy()}>
        talk so
      </button>
      <Answer answer={answer} />
    </form>
  );
};
