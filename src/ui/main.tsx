/** Entry of the page: finds the host, moves the house in. */
import { render } from "solid-js/web";
import { connectToHost } from "../worker/connect.ts";
import { App } from "./app.tsx";

const root = document.getElementById("page");
if (root !== null) {
  root.replaceChildren();
  render(() => <App host={connectToHost()} />, root);
}
