import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What is broken for those who see little, use a keyboard or listen: in the page, or in a part of it. */
export async function broken(page: Page, part = "html"): Promise<string[]> {
  // As a string for the browser to run: the page's own policy allows no such script element.
  return page.evaluate(
    `(async () => {
      ${AXE};
      const { violations } = await axe.run(${JSON.stringify(part)});
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => id + ": " + target.join(" ") + ": " + failureSummary));
    })()`,
  );
}
