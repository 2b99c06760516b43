/** A native modal dialog with a heading; Esc, the cross and the backdrop close it. */
import { type JSX, onMount } from "solid-js";

interface DialogProps {
  readonly title: JSX.Element;
  readonly id: string;
  readonly class?: string;
  readonly onClose: () => void;
  readonly children: JSX.Element;
}

export const Dialog = (props: DialogProps) => {
  let dialog!: HTMLDialogElement;
  onMount(() => dialog.showModal());
  const onBackdrop = (event: MouseEvent): void => {
    if (event.target === dialog) dialog.close();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a dialog natively
    <dialog
      ref={dialog}
      class={props.class}
      aria-labelledby={`${props.id}-title`}
      onClose={() => props.onClose()}
      onClick={onBackdrop}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={`${props.id}-title`}>{props.title}</h2>
          <button
            type="button"
            class="quiet round"
            aria-label="close"
            onClick={() => dialog.close()}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M4 4l8 8M12 4l-8 8" />
            </svg>
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
};
