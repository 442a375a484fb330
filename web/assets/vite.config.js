// Builds web/static/dist: one entry for each kind of page, hashed names, and a manifest for web/assets/manifest.py.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const entry = (name) => fileURLToPath(new URL(`src/${name}.js`, import.meta.url));

export default defineConfig({
  // Relative addresses inside CSS and chunks: the folder may be served under any prefix.
  base: "./",
  publicDir: false,
  css: {
    preprocessorOptions: {
      scss: { quietDeps: true, silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"] },
    },
  },
  build: {
    outDir: fileURLToPath(new URL("../static/dist", import.meta.url)),
    emptyOutDir: true,
    manifest: "manifest.json",
    // Fonts stay files, so that no `font-src data:` is needed.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 2500,
    rolldownOptions: {
      input: Object.fromEntries(
        ["user", "follow", "diagram", "modeler", "decisions"].map((name) => [name, entry(name)]),
      ),
    },
  },
});
