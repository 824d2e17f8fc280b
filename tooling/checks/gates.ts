/** Something that must hold before a change goes in: a command that ends with 0 where it does. */
export interface Gate {
  readonly name: string;
  readonly command: readonly string[];
}

/** In this order, since later gates look at what was built. Each can be run alone with `pnpm exec`. */
export const gates: readonly Gate[] = [
  { name: "build", command: ["turbo", "run", "build", "--continue", "--output-logs=errors-only"] },
  {
    name: "types of packages",
    command: ["turbo", "run", "typecheck", "--continue", "--output-logs=errors-only"],
  },
  { name: "types of tooling", command: ["tsc", "-p", "tsconfig.json"] },
  { name: "format", command: ["oxfmt", "--check"] },
  { name: "lint", command: ["oxlint", "--type-aware", "--deny-warnings"] },
  { name: "generated files", command: ["node", "tooling/gen/gen.ts", "--check"] },
  { name: "arrows", command: ["node", "tooling/checks/arrows.ts"] },
  { name: "unused code", command: ["knip", "--no-progress"] },
  { name: "browser bundles", command: ["node", "tooling/checks/browser.ts"] },
  { name: "smoke", command: ["node", "tooling/checks/smoke.ts"] },
  { name: "packed packages", command: ["node", "tooling/checks/published.ts"] },
  { name: "tests", command: ["vitest", "run"] },
];
