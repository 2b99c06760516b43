/** Home: my nara in its landscape, what the plaza tells, the street of neighbours. */
import { createEffect, createSignal, Show } from "solid-js";
import { createCeremony } from "../birth/ceremony.ts";
import { useHouse } from "../house.ts";
import { Profile } from "../roster/profile.tsx";
import { Roster } from "../roster/roster.tsx";
import { Settings, type SettingsRoom } from "../settings/settings.tsx";
import { Timeline } from "../timeline/timeline.tsx";
import { Bar } from "./bar.tsx";
import { Hero } from "./hero.tsx";
import { PlazaNotice } from "./plaza-notice.tsx";
import { StrangersNote } from "./strangers-note.tsx";

export const Home = () => {
  const { client, notes, still } = useHouse();
  const [room, setRoom] = createSignal<SettingsRoom | undefined>();
  const [met, setMet] = createSignal<string | undefined>();
  const [explaining, setExplaining] = createSignal(!notes.has("knows"));
  const ceremony = createCeremony(window, !notes.has("met") && !still);

  createEffect(() => {
    document.documentElement.dataset.step = ceremony.step();
    if (ceremony.step() === "home") notes.set("met", true);
  });
  createEffect(() => {
    document.title = `${client.living.me.name} · nara`;
  });
  const explain = (open: boolean): void => {
    notes.set("knows", !open);
    setExplaining(open);
  };

  return (
    <>
      <Bar onRoom={setRoom} onExplain={() => explain(!explaining())} explaining={explaining()} />
      <main>
        <Hero ceremony={ceremony} onMeet={setMet} />
        <div class="below">
          <PlazaNotice onRoom={setRoom} />
          <Show when={explaining()}>
            <StrangersNote onClose={() => explain(false)} />
          </Show>
          <div class="rooms">
            <Timeline onMeet={setMet} />
            <Roster onMeet={setMet} />
          </div>
        </div>
      </main>
      <footer class="foot">
        <p>kept in memory only. what everyone forgets never happened.</p>
      </footer>
      <Show when={room()}>
        {(open) => <Settings room={open()} onRoom={setRoom} onClose={() => setRoom(undefined)} />}
      </Show>
      <Show when={client.living.neighbours.find(({ name }) => name === met())}>
        {(neighbour) => <Profile neighbour={neighbour()} onClose={() => setMet(undefined)} />}
      </Show>
    </>
  );
};
