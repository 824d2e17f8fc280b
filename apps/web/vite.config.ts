import { defineConfig } from "vite";
import { precache } from "./build/precache.ts";

// Relative addresses, so that the page works from any host and any folder of it; JSX is compiled as tsconfig.json says.
// Nothing is inlined: the page may not fetch `data:`.
export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    assetsInlineLimit: 0,
  },
  worker: { format: "es" },
  plugins: [precache()],
});
