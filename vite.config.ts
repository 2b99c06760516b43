import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

/**
 * The nara's worker keeps one name across builds: pages of the last build and of this one must
 * meet in one SharedWorker, where the protocol version tells the older to reload.
 */
const namesOfWorkers = ({ name }: { readonly name: string }) =>
  name === "shared-worker" ? "nara-worker.js" : "assets/[name]-[hash].js";

export default defineConfig({
  plugins: [solid()],
  build: {
    outDir: "dist/page",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  worker: {
    format: "es",
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: { entryFileNames: namesOfWorkers },
    },
  },
});
