import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What is broken for those who see little, use a keyboard or listen: in the page, or in a part of it.
 *
 * @param rules all that there are when left out
 */
export async function broken(page: Page, part = "html", rules?: readonly string[]): Promise<string[]> {
  const options = rules === undefined ? {} : { runOnly: [...rules] };
  // As a string for the browser to run: the page's own policy allows no such script element.
  return page.evaluate(
    `(async () => {
      if (globalThis.axe === undefined) { ${AXE}; }
      const options = { resultTypes: ["violations"], ...${JSON.stringify(options)} };
      const { violations } = await axe.run(${JSON.stringify(part)}, options);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => id + ": " + target.join(" ") + ": " + failureSummary));
    })()`,
  );
}
