import { defineConfig } from "vite";

// Relative addresses, so that the page works from any host and any folder of it. JSX is compiled as tsconfig.json says.
export default defineConfig({
  base: "./",
  build: { target: "es2022", modulePreload: { polyfill: false }, reportCompressedSize: false, assetsInlineLimit: 0 },
  worker: { format: "es" },
});
