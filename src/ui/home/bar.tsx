/** The sign over the door: who keeps this place, whether the plaza hears us, the way to the cupboard. */
import { useHouse } from "../house.ts";
import type { SettingsRoom } from "../settings/settings.tsx";

interface BarProps {
  readonly onRoom: (room: SettingsRoom) => void;
  readonly onExplain: () => void;
  readonly explaining: boolean;
}

export const Bar = (props: BarProps) => {
  const { client } = useHouse();
  const refused = (): number => client.living.drops.reduce((sum, { count }) => sum + count, 0);
  return (
    <header class="bar">
      <p class="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M16 4c8 0 11 6 10.500 12.500S22 28 15.500 28 5 23 5.500 15.500 9 4 16 4Z" />
          <circle cx="12" cy="12" r="3.500" />
        </svg>
        <span>nara</span>
      </p>
      <nav aria-label="house">
        <PlazaPill onRoom={props.onRoom} />
        <button type="button" class="quiet" onClick={() => props.onRoom("refused")}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M3 14V6a5 5 0 0 1 10 0v8zM10 9.500v.5" />
          </svg>
          <span class="wordy">turned away</span> <span class="count">{refused()}</span>
        </button>
        <button type="button" class="quiet" onClick={() => props.onRoom("soul")}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="5" cy="11" r="3" />
            <path d="M7.200 8.800 13.500 2.500M11 5l2 2" />
          </svg>
          <span class="wordy">soul &amp; settings</span>
        </button>
        <button
          type="button"
          class="quiet round"
          aria-label="what is this?"
          aria-expanded={props.explaining}
          onClick={() => props.onExplain()}
        >
          ?
        </button>
      </nav>
    </header>
  );
};

const PlazaPill = (props: Pick<BarProps, "onRoom">) => {
  const { client } = useHouse();
  const word = (): string =>
    ({ open: "on the plaza", connecting: "on the way…", offline: "off the plaza" })[
      client.living.plaza.state
    ];
  return (
    <button
      type="button"
      class="quiet plaza-pill"
      data-plaza={client.living.plaza.state}
      onClick={() => props.onRoom("plaza")}
    >
      <Beacon state={client.living.plaza.state} />
      <span>{word()}</span>
    </button>
  );
};

/** Each state has its own shape: a full lamp, a turning one, a broken ring. */
export const Beacon = (props: { readonly state: "open" | "connecting" | "offline" }) => (
  <svg class="beacon" data-state={props.state} viewBox="0 0 12 12" aria-hidden="true">
    <circle cx="6" cy="6" r="4" />
  </svg>
);
