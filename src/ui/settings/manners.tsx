/** How this nara behaves: whether it speaks, what it tells of itself, and when it wants quiet. */
import { createSignal, Show } from "solid-js";
import type { Manners as Chosen } from "../../nara/manners.ts";
import { useHouse } from "../house.ts";
import { Answer, createAnswer } from "./answer.tsx";
import { Choice } from "./choice.tsx";
import { FieldHelp } from "./field-help.tsx";
import { clockTime, mannersLine, minuteOf } from "./manners-words.ts";

/** Offered first: a night. */
const night = { fromMinute: 22 * 60, toMinute: 7 * 60 };

export const Manners = () => {
  const { client } = useHouse();
  const before = client.living.manners;
  const [readOnly, setReadOnly] = createSignal(before.readOnly);
  const [stealth, setStealth] = createSignal(before.stealth);
  const [quiet, setQuiet] = createSignal(before.quietHours !== null);
  const hours = before.quietHours ?? night;
  const [from, setFrom] = createSignal(clockTime(hours.fromMinute));
  const [to, setTo] = createSignal(clockTime(hours.toMinute));
  const [asked, setAsked] = createSignal(false);
  const answer = createAnswer();

  const quietHours = (): Chosen["quietHours"] | undefined => {
    if (!quiet()) return null;
    const [fromMinute, toMinute] = [minuteOf(from()), minuteOf(to())];
    if (fromMinute === undefined || toMinute === undefined || fromMinute === toMinute) {
      return undefined;
    }
    return { fromMinute, toMinute };
  };
  const trouble = (): boolean => asked() && quietHours() === undefined;

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setAsked(true);
    const chosenHours = quietHours();
    if (chosenHours === undefined) return;
    const manners = { readOnly: readOnly(), stealth: stealth(), quietHours: chosenHours };
    const result = await answer.ask(client.command({ type: "set-manners", manners }));
    if (result.ok) answer.say(mannersLine(manners));
  };

  return (
    <form onSubmit={submit} novalidate>
      <fieldset>
        <legend>manners</legend>
        <Choice chosen={readOnly()} onChoose={setReadOnly}>
          only listen
          <span class="soft">: it says chau, and hears on without a word of its own</span>
        </Choice>
        <Choice chosen={stealth()} onChoose={setStealth}>
          stealth
          <span class="soft">
            : its newspaper tells its name and looks, nothing of its machine, mood, memories and
            whereabouts
          </span>
        </Choice>
        <Choice chosen={quiet()} onChoose={setQuiet}>
          quiet hours
          <span class="soft">: no teases, no new trends, and as few newspapers as can be</span>
        </Choice>
      </fieldset>
      <Show when={quiet()}>
        <div class="field-row quiet-hours">
          <label>
            from
            <input
              type="time"
              value={from()}
              aria-invalid={trouble()}
              aria-describedby="quiet-help"
              onInput={({ currentTarget }) => setFrom(currentTarget.value)}
            />
          </label>
          <label>
            to
            <input
              type="time"
              value={to()}
              aria-invalid={trouble()}
              aria-describedby="quiet-help"
              onInput={({ currentTarget }) => setTo(currentTarget.value)}
            />
          </label>
        </div>
        <FieldHelp
          id="quiet-help"
          trouble={trouble() ? "two different times, please." : undefined}
          wanted="by this device's clock, every day"
        />
      </Show>
      <button type="submit" class="primary" disabled={answer.busy()}>
        behave so
      </button>
      <Answer answer={answer} />
    </form>
  );
};
