/** The cupboard: soul, name, flair, manners, plaza, mesh, memory, and what was turned away. One dialog, eight drawers. */
import { For, type JSX, Match, Switch } from "solid-js";
import { Dialog } from "../dialog.tsx";
import { Flair } from "./flair.tsx";
import { LookIn } from "./look-in.tsx";
import { Manners } from "./manners.tsx";
import { Memory } from "./memory.tsx";
import { Mesh } from "./mesh.tsx";
import { Naming } from "./naming.tsx";
import { PlazaChoice } from "./plaza-choice.tsx";
import { Refused } from "./refused.tsx";
import "./settings.css";
import { Soul } from "./soul.tsx";

const rooms = [
  ["soul", "soul"],
  ["name", "name"],
  ["flair", "flair"],
  ["manners", "manners"],
  ["plaza", "plaza"],
  ["mesh", "mesh"],
  ["memory", "memory"],
  ["refused", "turned away"],
] as const;

export type SettingsRoom = (typeof rooms)[number][0];

interface SettingsProps {
  readonly room: SettingsRoom;
  readonly onRoom: (room: SettingsRoom) => void;
  readonly onClose: () => void;
}

export const Settings = (props: SettingsProps) => {
  let list!: HTMLDivElement;
  const onKey = (event: KeyboardEvent): void => {
    const at = rooms.findIndex(([room]) => room === props.room);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: rooms.length - 1 }[event.key];
    const next = to === undefined ? undefined : rooms[(to + rooms.length) % rooms.length];
    if (next === undefined) return;
    event.preventDefault();
    props.onRoom(next[0]);
    list.querySelector<HTMLElement>(`#tab-${next[0]}`)?.focus();
  };
  return (
    <Dialog id="settings" class="settings" title="the cupboard" onClose={props.onClose}>
      <div class="tabs" role="tablist" aria-label="drawers" onKeyDown={onKey} ref={list}>
        <For each={rooms}>
          {([room, label]) => (
            <button
              type="button"
              role="tab"
              id={`tab-${room}`}
              aria-selected={props.room === room}
              aria-controls={props.room === room ? `drawer-${room}` : undefined}
              tabindex={props.room === room ? 0 : -1}
              onClick={() => props.onRoom(room)}
            >
              {label}
            </button>
          )}
        </For>
      </div>
      <Switch>
        <Match when={props.room === "soul"}>
          <Drawer room="soul">
            <Soul />
          </Drawer>
        </Match>
        <Match when={props.room === "name"}>
          <Drawer room="name">
            <Naming />
          </Drawer>
        </Match>
        <Match when={props.room === "flair"}>
          <Drawer room="flair">
            <Flair />
          </Drawer>
        </Match>
        <Match when={props.room === "manners"}>
          <Drawer room="manners">
            <Manners />
          </Drawer>
        </Match>
        <Match when={props.room === "plaza"}>
          <Drawer room="plaza">
            <PlazaChoice />
          </Drawer>
        </Match>
        <Match when={props.room === "mesh"}>
          <Drawer room="mesh">
            <Mesh />
            <LookIn />
          </Drawer>
        </Match>
        <Match when={props.room === "memory"}>
          <Drawer room="memory">
            <Memory />
          </Drawer>
        </Match>
        <Match when={props.room === "refused"}>
          <Drawer room="refused">
            <Refused />
          </Drawer>
        </Match>
      </Switch>
    </Dialog>
  );
};

const Drawer = (props: { readonly room: SettingsRoom; readonly children: JSX.Element }) => (
  <div
    class="drawer"
    role="tabpanel"
    id={`drawer-${props.room}`}
    aria-labelledby={`tab-${props.room}`}
    tabindex="0"
  >
    {props.children}
  </div>
);
