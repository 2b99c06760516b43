/** Another name for the same soul: a new bond. */
import { createSignal } from "solid-js";
import { useHouse } from "../house.ts";
import { nameTrouble } from "../words.ts";
import { Answer, createAnswer } from "./answer.tsx";
import { FieldHelp } from "./field-help.tsx";

export const Naming = () => {
  const { client } = useHouse();
  const [name, setName] = createSignal(client.living.me.name);
  const [touched, setTouched] = createSignal(false);
  const answer = createAnswer();
  const trouble = (): string | undefined => (touched() ? nameTrouble(name()) : undefined);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setTouched(true);
    if (nameTrouble(name()) !== undefined) return;
    const result = await answer.ask(client.command({ type: "rename", name: name() }));
    if (result.ok) answer.say(`done. the plaza knows it as ${name()} from now on.`);
  };

  return (
    <form onSubmit={submit} novalidate>
      <p>
        a name and a soul are tied together by a <strong>bond</strong>. a new name is a new bond:
        the same creature at heart, but another key, another id and another shape, and the
        neighbours will have to get to know it again.
      </p>
      <label for="new-name">a new name</label>
      <div class="field-row">
        <input
          id="new-name"
          value={name()}
          maxlength="80"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-invalid={trouble() !== undefined}
          aria-describedby="new-name-help"
          onInput={({ currentTarget }) => {
            setName(currentTarget.value);
            setTouched(true);
          }}
        />
        <button type="submit" class="primary" disabled={answer.busy()}>
          tie the bond
        </button>
      </div>
      <FieldHelp
        id="new-name-help"
        trouble={trouble()}
        wanted="small letters, digits and -, like noisy-bear-189."
      />
      <Answer answer={answer} />
    </form>
  );
};
