/** The page as a whole: which of its faces shows, the colours it wears, the one stage and clock. */
import { createEffect, lazy, Match, Switch } from "solid-js";
import { createStage } from "./avatar/stage.ts";
import { Home } from "./home/home.tsx";
import { createNotes, createNow, type House, HouseContext } from "./house.ts";
import { type Connection, createNaraClient } from "./nara-client.ts";
import { Elsewhere } from "./settings/elsewhere.tsx";
import { tintFrame, wearAura } from "./theme/wear.ts";

const SoulUnreadable = lazy(async () => ({
  default: (await import("./settings/soul-unreadable.tsx")).SoulUnreadable,
}));

export const App = (props: { readonly host: Connection }) => {
  const client = createNaraClient(props.host);
  const house: House = {
    client,
    stage: createStage(window),
    now: createNow(window),
    still: window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    notes: createNotes(window),
  };
  createEffect(() => {
    const { primary, secondary } = client.living.me.aura;
    if (primary === "") return;
    wearAura(document.documentElement.style, { primary, secondary });
    tintFrame(document, { primary, secondary });
  });
  return (
    <HouseContext.Provider value={house}>
      <Switch fallback={<Home />}>
        <Match when={client.host().life === "waking"}>
          <Waking trouble={client.trouble()} />
        </Match>
        <Match when={unreadable(client.host())}>
          {(found) => <SoulUnreadable stored={found().stored} why={found().why} />}
        </Match>
        <Match when={elsewhere(client.host())}>
          {(found) => <Elsewhere name={found().name} />}
        </Match>
      </Switch>
    </HouseContext.Provider>
  );
};

const Waking = (props: { readonly trouble: string | undefined }) => (
  <main class="waking">
    <h1>a nara is waking…</h1>
    <p role="status">{props.trouble}</p>
  </main>
);

type HostFace = ReturnType<ReturnType<typeof createNaraClient>["host"]>;

const unreadable = (host: HostFace) => (host.life === "soul-unreadable" ? host : undefined);
const elsewhere = (host: HostFace) => (host.life === "elsewhere" ? host : undefined);
