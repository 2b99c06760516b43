/** What a field wants, or what is wrong with what is in it. */
interface FieldHelpProps {
  /** What the field is described by. */
  readonly id: string;
  readonly trouble: string | undefined;
  readonly wanted: string;
}

export const FieldHelp = (props: FieldHelpProps) => (
  <p
    id={props.id}
    class="help"
    classList={{ trouble: props.trouble !== undefined }}
    aria-live="polite"
  >
    {props.trouble ?? props.wanted}
  </p>
);
