/** This profile's nara lives in another host just now. */
export const Elsewhere = (props: { readonly name: string }) => (
  <main class="waking">
    <h1>
      <bdi>{props.name}</bdi> is awake elsewhere
    </h1>
    <p>
      one soul, one body: it is living in another window of this browser. it moves in here by itself
      when that one closes.
    </p>
  </main>
);
