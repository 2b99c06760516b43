/** Memories in a file: kept, and brought back with an account of what became of each. */
import { createSignal, For, Show } from "solid-js";
import type { CommandResult } from "../../worker/protocol.ts";
import { useHouse } from "../house.ts";
import { counted } from "../words.ts";
import { Answer, createAnswer } from "./answer.tsx";
import { offerFile } from "./offer-file.ts";

type Imported = Extract<CommandResult, { type: "events-imported" }>;

export const MemoryFile = () => {
  const { client } = useHouse();
  const [imported, setImported] = createSignal<Imported | undefined>();
  const saving = createAnswer();
  const bringing = createAnswer();

  const save = async (): Promise<void> => {
    const result = await saving.ask(client.command({ type: "export-events" }));
    if (!result.ok || result.type !== "events-exported") return;
    const name = `${client.living.me.name}.memories.jsonl`;
    offerFile(name, result.dump);
    saving.say(`${counted(result.events)} events, in ${name} among the downloads.`);
  };
  const bringBack = async (input: HTMLInputElement): Promise<void> => {
    const dump = input.files?.[0];
    if (dump === undefined) return;
    setImported(undefined);
    const result = await bringing.ask(client.command({ type: "import-events", dump }));
    input.value = "";
    if (result.ok && result.type === "events-imported") setImported(result);
  };

  return (
    <section class="memory-file" aria-labelledby="memory-file-title">
      <h3 id="memory-file-title">memories in a file</h3>
      <p>
        one event a line, as the others keep them too. what is brought back is believed only if it
        still proves itself.
      </p>
      <p class="buttons">
        <button type="button" disabled={saving.busy()} onClick={() => void save()}>
          save my memory
        </button>
      </p>
      <Answer answer={saving} />
      <label for="memories-file">bring back memories</label>
      <input
        id="memories-file"
        type="file"
        accept=".jsonl,.ndjson,.json,.txt"
        disabled={bringing.busy()}
        onChange={({ currentTarget }) => void bringBack(currentTarget)}
      />
      <Show when={bringing.busy()}>
        <p class="soft">remembering…</p>
      </Show>
      <Answer answer={bringing} />
      <div role="status">
        <Show when={imported()}>{(result) => <Account imported={result()} />}</Show>
      </div>
    </section>
  );
};

const Account = (props: { readonly imported: Imported }) => {
  const known = (): number => props.imported.report.refused.duplicate ?? 0;
  const refusals = () => props.imported.refusals.filter(({ reason }) => reason !== "duplicate");
  const refused = (): number => refusals().reduce((sum, { count }) => sum + count, 0);
  return (
    <div class="found">
      <p>
        <strong>{counted(props.imported.report.remembered)} remembered</strong>, {counted(known())}{" "}
        known already, {counted(refused())} refused.
      </p>
      <Show when={refusals().length > 0}>
        <table class="refused">
          <thead>
            <tr>
              <th scope="col">why not</th>
              <th scope="col" class="number">
                times
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={refusals()}>
              {(refusal) => (
                <tr>
                  <td>{refusal.meaning}</td>
                  <td class="number">{counted(refusal.count)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
      <Show when={props.imported.report.firstBad[0]}>
        {(first) => <p class="help">the first line that is no event is line {first().line}.</p>}
      </Show>
    </div>
  );
};
