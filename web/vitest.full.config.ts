import { defineConfig } from "vitest/config";

/** The whole path, with the real programs; `cargo xtask test` builds them first. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["e2e/full/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    // Whole sessions have limits of seconds, which a machine misses whose host gives its time to others for
    // that long; the report says which were tried again.
    retry: 1,
  },
});
