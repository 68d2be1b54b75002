import { defineConfig } from "vitest/config";

/** Tests in a real browser, of the built page: run `npm run build` first. */
export default defineConfig({
  test: {
    include: ["e2e/*.test.ts"],
    environment: "node",
    // Against what hangs; what must be in time says so itself.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
