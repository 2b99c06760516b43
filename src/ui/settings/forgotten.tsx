/** "what I have forgotten": a figure for each kind, and why. */
import { For, Show } from "solid-js";
import type { MemoryOfKind } from "../../nara/view.ts";
import { useHouse } from "../house.ts";
import { forgetReasons, forgetWord, kindWord } from "../memory-words.ts";
import { counted, forgottenIn, sumOf } from "../words.ts";

export const Forgotten = () => {
  const { client } = useHouse();
  const memory = () => client.living.memory;
  return (
    <section class="forgotten" aria-labelledby="forgotten-title">
      <h3 id="forgotten-title">what I have forgotten</h3>
      <p class="soft">
        <Show when={forgottenIn(memory()) > 0} fallback="nothing so far, as far as I can remember.">
          {counted(forgottenIn(memory()))} events since I woke.
        </Show>
      </p>
      <Show when={memory().kinds.length > 0}>
        <table class="refused">
          <thead>
            <tr>
              <th scope="col">kind</th>
              <th scope="col" class="number">
                kept
              </th>
              <th scope="col" class="number">
                forgotten
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={memory().kinds}>{(kind) => <Row kind={kind} />}</For>
          </tbody>
        </table>
      </Show>
    </section>
  );
};

const Row = (props: { readonly kind: MemoryOfKind }) => (
  <tr>
    <th scope="row">
      {kindWord(props.kind.kind)}
      <For each={forgetReasons}>
        {(reason) => (
          <Show when={props.kind.forgotten[reason]}>
            {(count) => (
              <span class="why-gone">
                {counted(count())}: {forgetWord(reason)}
              </span>
            )}
          </Show>
        )}
      </For>
    </th>
    <td class="number">{counted(props.kind.held)}</td>
    <td class="number">{counted(sumOf(props.kind.forgotten))}</td>
  </tr>
);
