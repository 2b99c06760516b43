/** How much to remember: as the device allows, one of three sizes, or a number. */
import { createSignal, For, Show } from "solid-js";
import { fewestEvents, type MemoryChoice, mostEvents } from "../../worker/protocol.ts";
import { useHouse } from "../house.ts";
import { modeMeaning } from "../memory-words.ts";
import { counted } from "../words.ts";
import { Answer, createAnswer } from "./answer.tsx";
import { Choice } from "./choice.tsx";
import { FieldHelp } from "./field-help.tsx";

const modes = ["short", "medium", "hog", "custom"] as const;

export const MemoryMode = () => {
  const { client } = useHouse();
  const [mode, setMode] = createSignal<MemoryChoice["mode"]>(client.living.memoryChoice.mode);
  const [number, setNumber] = createSignal(String(client.living.memoryChoice.maxEvents));
  const [asked, setAsked] = createSignal(false);
  const answer = createAnswer();
  const maxEvents = (): number => Number(number().replace(/\s/g, ""));
  const trouble = (): string | undefined => {
    if (!asked() || mode() !== "custom") return undefined;
    const isGood = Number.isInteger(maxEvents()) && maxEvents() >= fewestEvents;
    if (isGood && maxEvents() <= mostEvents) return undefined;
    return `a whole number from ${counted(fewestEvents)} to ${counted(mostEvents)}, please.`;
  };

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setAsked(true);
    if (trouble() !== undefined) return;
    const choice: MemoryChoice = {
      mode: mode(),
      maxEvents: mode() === "custom" ? maxEvents() : client.living.memoryChoice.maxEvents,
    };
    const result = await answer.ask(client.command({ type: "set-memory", choice }));
    if (result.ok) answer.say(`room for ${counted(client.living.memory.capacity)} events.`);
  };

  return (
    <form onSubmit={submit} novalidate>
      <fieldset>
        <legend>remember</legend>
        <Choice group="memory" chosen={mode() === "auto"} onChoose={() => setMode("auto")}>
          as this device allows
          <Show when={client.living.memoryChoice.mode === "auto"}>
            {" "}
            <span class="soft">({client.living.memory.mode} here)</span>
          </Show>
        </Choice>
        <For each={modes}>
          {(one) => (
            <Choice group="memory" chosen={mode() === one} onChoose={() => setMode(one)}>
              {one === "custom" ? modeMeaning(one) : one}
              <Show when={one !== "custom"}>
                <span class="soft">: {modeMeaning(one)}</span>
              </Show>
            </Choice>
          )}
        </For>
      </fieldset>
      <Show when={mode() === "custom"}>
        <label for="memory-number">how many events</label>
        <input
          id="memory-number"
          value={number()}
          inputmode="numeric"
          maxlength="12"
          autocomplete="off"
          aria-invalid={trouble() !== undefined}
          aria-describedby="memory-help"
          onInput={({ currentTarget }) => setNumber(currentTarget.value)}
        />
        <FieldHelp id="memory-help" trouble={trouble()} wanted="about 600 bytes each" />
      </Show>
      <button type="submit" class="primary" disabled={answer.busy()}>
        remember so much
      </button>
      <Answer answer={answer} />
    </form>
  );
};
