/** A few lines for somebody who has never heard of nara. */
interface StrangersNoteProps {
  readonly onClose: () => void;
}

export const StrangersNote = (props: StrangersNoteProps) => (
  <aside class="note" aria-labelledby="note-title">
    <h2 id="note-title">so, what is this?</h2>
    <p>
      a <strong>nara</strong>: a small creature with a soul of its own, and it lives right here, in
      this page. nobody else has this one. it goes to the plaza, says howdy, meets other naras on
      other machines, and remembers what it hears, hazily.
    </p>
    <p>
      you need not do a thing. leave the page open and it lives; close it and it says{" "}
      <i lang="es">chau</i>, keeps its soul and forgets the rest until the others tell it again.
    </p>
    <button type="button" class="primary" onClick={() => props.onClose()}>
      nice to meet you
    </button>
  </aside>
);
