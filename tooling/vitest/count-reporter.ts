import type { Reporter, SerializedError, TestModule } from "vitest/node";

/**
 * Prints one plain line at the end: `N passed, N failed, N skipped`.
 * A file that cannot be loaded and an error outside any test count as failures.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
    }
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const failed = count.failed + broken + errors.length;
    const skipped = count.skipped + count.pending;
    process.stdout.write(`\n${count.passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
