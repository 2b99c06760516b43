/**
 * The page with a made-up nara, for development: gallery.html?scene=home&count=12&mine=5.
 * Scenes: home, birth, fog, alone, bustle, waking, unreadable, elsewhere. Never part of a build.
 */
import { render } from "solid-js/web";
import type { HostState } from "../../worker/protocol.ts";
import { App } from "../app.tsx";
import { createFakeHost, fog, greeting, livingState, newbornState } from "./fake-host.ts";
import { sampleEntry, sampleNeighbour } from "./sample-view.ts";

const asked = new URLSearchParams(location.search);
const scene = asked.get("scene") ?? "home";
const count = Number(asked.get("count") ?? 12);
const mine = Number(asked.get("mine") ?? 5);
const now = Date.now();

const first = (): HostState => {
  switch (scene) {
    case "birth":
    case "alone":
      return newbornState(now, mine);
    case "waking":
      return { life: "waking" };
    case "unreadable":
      return { life: "soul-unreadable", stored: "not!a!soul", why: "it has letters no soul has." };
    case "elsewhere":
      return { life: "elsewhere", name: "noisy-bear-189" };
    default:
      return livingState(count, now, mine);
  }
};

if (scene !== "birth") localStorage.setItem("nara-tab:met", "yes");
const page = await (await fetch("/index.html")).text();
const landscape = new DOMParser().parseFromString(page, "text/html").querySelector(".landscape");
if (landscape !== null) document.querySelector("#landscape")?.replaceWith(landscape);

const host = createFakeHost(first());
const root = document.querySelector("#page");
if (root !== null) render(() => <App host={host} />, root);

if (scene === "fog") host.tell({ plaza: fog(now), clockSkewMs: 130_000 });
if (scene === "birth") {
  for (let at = 0; at < 5; at++)
    setTimeout(() => host.tell(greeting(at, Date.now())), 6500 + at * 900);
}

/** Twenty deltas a second, and another nara moving in after five: a hard day for the page. */
if (scene === "bustle") {
  let told = 0;
  setInterval(() => {
    told += 1;
    const at = (told * 7) % count;
    const neighbour = {
      ...sampleNeighbour(at, Date.now()),
      buzz: told % 100,
      lastSeenAtMs: Date.now(),
    };
    const timeline = [sampleEntry(1000 + told, neighbour.name, Date.now())];
    host.tell({ neighbours: [neighbour], timeline });
  }, 50);
  setTimeout(() => host.become(livingState(count, Date.now(), mine + 1)), 5000);
}
