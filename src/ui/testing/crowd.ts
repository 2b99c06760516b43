/** A crowd of avatars and nothing else, for bench/avatars.bench.ts: crowd.html?count=300. */
import { createStage } from "../avatar/stage.ts";
import { sampleLooks } from "./sample-view.ts";

const count = Number(new URLSearchParams(location.search).get("count") ?? 300);
const sizePx = 56;

const stage = createStage(window);
document.body.style.cssText = "margin:0;display:flex;flex-wrap:wrap";
for (let at = 0; at < count; at++) {
  const canvas = document.createElement("canvas");
  canvas.style.cssText = `width:${sizePx}px;height:${sizePx}px`;
  document.body.append(canvas);
  const options = { size: sizePx, live: false, zone: canvas };
  stage.seat(canvas, options).dress(sampleLooks(at), false);
}
