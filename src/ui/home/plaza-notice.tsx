/** Said aloud only when something is amiss: nobody hears us, or our clock strays. */
import { createMemo, Show } from "solid-js";
import { useHouse } from "../house.ts";
import type { SettingsRoom } from "../settings/settings.tsx";
import { offlineLine, skewLine } from "../words.ts";

export const PlazaNotice = (props: { readonly onRoom: (room: SettingsRoom) => void }) => {
  const { client, now } = useHouse();
  const offline = createMemo(() => {
    const { plaza } = client.living;
    return plaza.state === "offline" ? plaza : undefined;
  });
  /** No next try: its person chose so. */
  const isLeft = (): boolean => offline()?.nextTryAtMs === 0;
  const skew = (): string | undefined => skewLine(client.living.clockSkewMs);
  return (
    <>
      <div role="status">
        <Show when={client.trouble()}>
          {(why) => (
            <p class="notice">
              <span class="notice-icon" aria-hidden="true">
                💤
              </span>
              <span>what you see is a memory: {why()}</span>
            </p>
          )}
        </Show>
        <Show when={offline()}>
          {(plaza) => (
            <p class="notice">
              <span class="notice-icon" aria-hidden="true">
                🌫️
              </span>
              <span>
                <strong>{isLeft() ? "away from the plaza." : "fog over the plaza."}</strong>{" "}
                {plaza().reason}
              </span>
            </p>
          )}
        </Show>
        <Show when={skew()}>
          {(line) => (
            <p class="notice">
              <span class="notice-icon" aria-hidden="true">
                🕰️
              </span>
              <span>
                {line()}. neighbours turn away what seems to come from the future: please set the
                clock.
              </span>
            </p>
          )}
        </Show>
      </div>
      <Show when={offline()}>
        {(plaza) => (
          <p class="notice-more">
            {offlineLine(now(), plaza())}{" "}
            <button
              type="button"
              class="link"
              onClick={() => props.onRoom(isLeft() ? "mesh" : "plaza")}
            >
              {isLeft() ? "choose how it talks" : "choose another plaza"}
            </button>
          </p>
        )}
      </Show>
    </>
  );
};
