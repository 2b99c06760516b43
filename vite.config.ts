import { minify } from "terser";
import { defineConfig, type Plugin } from "vite";
import solid from "vite-plugin-solid";

/**
 * The nara's worker keeps one name across builds: pages of the last build and of this one must
 * meet in one SharedWorker, where the protocol version tells the older to reload.
 */
const namesOfWorkers = ({ name }: { readonly name: string }) =>
  name === "shared-worker" ? "nara-worker.js" : "assets/[name]-[hash].js";

/** Some 3 KB gzip less than the preset minifier alone; the worker has a budget of 170 KB. */
const terse: Plugin = {
  name: "terse",
  apply: "build",
  async renderChunk(code) {
    const { code: shorter } = await minify(code, {
      module: true,
      ecma: 2020,
      compress: { passes: 3 },
    });
    return shorter === undefined ? null : { code: shorter, map: null };
  },
};

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
    plugins: () => [terse],
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: { entryFileNames: namesOfWorkers },
    },
  },
});
