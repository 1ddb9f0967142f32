import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig } from "eslint/config";
import typescript from "typescript-eslint";

const isUnusedOnPurpose = { argsIgnorePattern: "^_", varsIgnorePattern: "^_" };
// What Node.js has without an import, and what the functions that tests run in the browser use.
const globals = [
  "AbortSignal",
  "Buffer",
  "FormData",
  "ReadableStream",
  "Request",
  "Response",
  "TextEncoder",
  "URL",
  "URLSearchParams",
  "clearTimeout",
  "console",
  "crypto",
  "document",
  "fetch",
  "performance",
  "process",
  "setTimeout",
  "window",
];

export default defineConfig(
  { ignores: [".next/", "node_modules/", "toolchain/", "next-env.d.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [typescript.configs.recommended, reactHooks.configs.flat.recommended],
    rules: { "@typescript-eslint/no-unused-vars": ["error", isUnusedOnPurpose] },
  },
  // A page's markup may be longer; what decides may not.
  { files: ["src/**/*.ts"], rules: { "max-lines-per-function": ["error", { max: 60 }] } },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: Object.fromEntries(globals.map((name) => [name, "readonly"])) },
    rules: { "no-unused-vars": ["error", isUnusedOnPurpose] },
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
);
