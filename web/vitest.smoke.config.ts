import { defineConfig } from "vitest/config";

/** One whole session that prints its figures; run by `cargo xtask demo --smoke`. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["e2e/smoke/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
