/** Home: my nara in its landscape, what the plaza tells, the street of neighbours. */
import { createEffect, createSignal, lazy, onMount, Show } from "solid-js";
import { createCeremony } from "../birth/ceremony.ts";
import { useHouse } from "../house.ts";
import { Roster } from "../roster/roster.tsx";
import type { SettingsRoom } from "../settings/settings.tsx";
import { Timeline } from "../timeline/timeline.tsx";
import { Bar } from "./bar.tsx";
import { Hero } from "./hero.tsx";
import { PlazaNotice } from "./plaza-notice.tsx";
import { StrangersNote } from "./strangers-note.tsx";

/** Dialogs are fetched once the page is at rest, long before a hand reaches for them. */
const fetchSettings = () => import("../settings/settings.tsx");
const fetchProfile = () => import("../roster/profile.tsx");
const Settings = lazy(async () => ({ default: (await fetchSettings()).Settings }));
const Profile = lazy(async () => ({ default: (await fetchProfile()).Profile }));
const fetchAttic = () => import("../attic/attic.tsx");
const Attic = lazy(async () => ({ default: (await fetchAttic()).Attic }));
const fetchPostcards = () => import("../postcards/postcards.tsx");
const Postcards = lazy(async () => ({ default: (await fetchPostcards()).Postcards }));
const fetchNotebook = () => import("../notebook/notebook.tsx");
const Notebook = lazy(async () => ({ default: (await fetchNotebook()).Notebook }));
const fetchCheckpoints = () => import("../checkpoints/checkpoints.tsx");
const Checkpoints = lazy(async () => ({ default: (await fetchCheckpoints()).Checkpoints }));
const restMs = 2500;

export const Home = () => {
  const { client, notes, still } = useHouse();
  const [room, setRoom] = createSignal<SettingsRoom | undefined>();
  const [met, setMet] = createSignal<string | undefined>();
  /** Whose memories are looked through; "" for all. */
  const [back, setBack] = createSignal<string | undefined>();
  const [atDesk, setAtDesk] = createSignal(false);
  const [atNotebook, setAtNotebook] = createSignal(false);
  /** Whose checkpoints are looked at. */
  const [signed, setSigned] = createSignal<string | undefined>();
  const metOne = () => {
    const name = met();
    return name === undefined
      ? undefined
      : client.living.neighbours.find((neighbour) => neighbour.name === name);
  };
  const [explaining, setExplaining] = createSignal(!notes.has("knows"));
  const ceremony = createCeremony(window, !notes.has("met") && !still);

  onMount(() => {
    window.setTimeout(
      () =>
        void Promise.allSettled([
          fetchSettings(),
          fetchProfile(),
          fetchAttic(),
          fetchPostcards(),
          fetchNotebook(),
          fetchCheckpoints(),
        ]),
      restMs,
    );
  });
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
      <a class="skip-link" href="#street-title">
        to the neighbours
      </a>
      <Bar onRoom={setRoom} onExplain={() => explain(!explaining())} explaining={explaining()} />
      <main>
        <Hero
          ceremony={ceremony}
          onMeet={setMet}
          onPostcards={() => setAtDesk(true)}
          onFlair={() => setRoom("flair")}
          onNotebook={() => setAtNotebook(true)}
          onCheckpoints={() => setSigned(client.living.me.name)}
        />
        <div class="below">
          <PlazaNotice onRoom={setRoom} />
          <Show when={explaining()}>
            <StrangersNote onClose={() => explain(false)} />
          </Show>
          <div class="rooms">
            <Timeline
              onMeet={setMet}
              onBack={() => setBack("")}
              onMemory={() => setRoom("memory")}
            />
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
      <Show when={back() !== undefined}>
        <Attic name={back() ?? ""} onMeet={setMet} onClose={() => setBack(undefined)} />
      </Show>
      <Show when={atDesk()}>
        <Postcards onClose={() => setAtDesk(false)} />
      </Show>
      <Show when={atNotebook()}>
        <Notebook onClose={() => setAtNotebook(false)} />
      </Show>
      <Show when={metOne()}>
        {(neighbour) => (
          <Profile
            neighbour={neighbour()}
            onBack={back() === undefined ? setBack : undefined}
            onCheckpoints={setSigned}
            onClose={() => setMet(undefined)}
          />
        )}
      </Show>
      <Show when={signed()}>
        {(name) => <Checkpoints name={name()} onClose={() => setSigned(undefined)} />}
      </Show>
    </>
  );
};
