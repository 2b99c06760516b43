/** Whether others may look at what this nara knows, at its mesh address. */
import { createSignal, Show } from "solid-js";
import { useHouse } from "../house.ts";
import { Answer, createAnswer } from "./answer.tsx";
import { Choice } from "./choice.tsx";
import { lookInLine, placeOfLooks } from "./look-in-words.ts";

export const LookIn = () => {
  const { client } = useHouse();
  const mesh = () => client.living.mesh;
  const [letsLookIn, setLetsLookIn] = createSignal(mesh().letsLookIn);
  const answer = createAnswer();

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const chosen = letsLookIn();
    const command = { type: "set-look-in", letsLookIn: chosen } as const;
    const result = await answer.ask(client.command(command));
    if (result.ok) answer.say(lookInLine(chosen, mesh().address));
  };

  return (
    <form onSubmit={submit}>
      <fieldset>
        <legend>visitors</legend>
        <Choice chosen={letsLookIn()} onChoose={setLetsLookIn}>
          let others look in
          <span class="soft">
            : whoever calls its address may read whom it knows and what it remembers, as dashboards
            do; nobody can change anything
          </span>
        </Choice>
      </fieldset>
      <Show when={mesh().letsLookIn && mesh().address !== ""}>
        <p class="soft">
          open at <code>{placeOfLooks(mesh().address)}</code>
        </p>
      </Show>
      <button type="submit" class="primary" disabled={answer.busy()}>
        keep it so
      </button>
      <Answer answer={answer} />
    </form>
  );
};
