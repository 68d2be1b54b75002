import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/** The service during development; `npx vite` passes calls on to it. */
const service = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [svelte()],
  build: {
    // The oldest browsers that are served (S-22).
    target: ["chrome109", "edge109", "firefox122", "safari16.4"],
    // The content security policy allows no inline script, style or data: font.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": service, "/ws": { target: service, ws: true } } },
  // Properties compute; the limit is there for what hangs, not to tell how fast a machine is.
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 60_000 },
});
