/** How much is remembered, how much was forgotten and why, and memories kept in a file. */
import { Show } from "solid-js";
import { useHouse } from "../house.ts";
import { counted } from "../words.ts";
import { Forgotten } from "./forgotten.tsx";
import { MemoryFile } from "./memory-file.tsx";
import "./memory.css";
import { MemoryMode } from "./memory-mode.tsx";

export const Memory = () => {
  const { client } = useHouse();
  const memory = () => client.living.memory;
  const percent = (): number =>
    Math.min(100, Math.round((100 * memory().held) / Math.max(1, memory().capacity)));
  return (
    <>
      <p>
        a nara remembers in memory only, and never more than it has room for. when all is full the
        least precious goes first. nothing of it is written down anywhere, unless you keep a copy.
      </p>
      <div class="fullness">
        <p>
          <strong>{counted(memory().held)}</strong> of {counted(memory().capacity)} events
          <Show when={memory().hearsay > 0}>
            , <span class="soft">{counted(memory().hearsay)} of them hearsay</span>
          </Show>
        </p>
        <span class="trait-bar" aria-hidden="true">
          <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect width={Math.max(1, percent())} height="8" />
          </svg>
        </span>
      </div>
      <MemoryMode />
      <hr />
      <Forgotten />
      <hr />
      <MemoryFile />
    </>
  );
};
