import { defineConfig } from "vitest/config";

/** The whole path, with the real programs; `cargo xtask test` builds them first. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["e2e/full/**/*.test.ts"],
    // Against what hangs; what must be in time says so itself.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
