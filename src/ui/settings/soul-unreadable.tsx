/** What storage holds is no soul: said so, shown, and left alone until a person chose. */
import { createSignal, Show } from "solid-js";
import { useHouse } from "../house.ts";
import { Answer, createAnswer } from "./answer.tsx";
import { ImportSoul } from "./import-soul.tsx";

export const SoulUnreadable = (props: { readonly stored: string; readonly why: string }) => {
  const { client, notes } = useHouse();
  const [sure, setSure] = createSignal(false);
  const answer = createAnswer();
  const startAnew = async (): Promise<void> => {
    notes.set("met", false);
    await answer.ask(client.command({ type: "start-anew" }));
  };
  return (
    <main class="waking">
      <h1>a soul lies here, but it cannot be read</h1>
      <div class="leaf">
        <p>{props.why} nothing was changed, and nothing will be until you choose.</p>
        <Show when={props.stored !== ""}>
          <label for="stored-soul">what was found</label>
          <textarea id="stored-soul" readonly rows="3" value={props.stored} />
        </Show>
        <h2>do you have a copy?</h2>
        <ImportSoul residentName="" onDone={() => undefined} />
        <h2>or let a new one be born</h2>
        <p>what was found above is then overwritten; copy it first if you still hope for it.</p>
        <p class="buttons">
          <Show
            when={sure()}
            fallback={
              <button type="button" onClick={() => setSure(true)}>
                start anew…
              </button>
            }
          >
            <button
              type="button"
              class="danger"
              disabled={answer.busy()}
              onClick={() => void startAnew()}
            >
              yes, overwrite it and start anew
            </button>
            <button type="button" class="quiet" onClick={() => setSure(false)}>
              not yet
            </button>
          </Show>
        </p>
        <Answer answer={answer} />
      </div>
    </main>
  );
};
