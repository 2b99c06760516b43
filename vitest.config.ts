import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "tests/**/*.test.ts", "bench/**/*.test.ts"],
          exclude: ["tests/vectors/**"],
        },
      },
      { test: { name: "vectors", include: ["tests/vectors/**/*.test.ts"] } },
    ],
  },
});
