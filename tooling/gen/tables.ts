/** Makes a table for a document; `document` is its path relative to the root, for links. */
export type Table = (document: string) => string;

const BLOCK = /(<!-- generated:(\S+) -->\n)[\s\S]*?<!-- \/generated -->/gu;

/**
 * Fills each `<!-- generated:NAME -->` … `<!-- /generated -->` block of a document with the table of that name.
 *
 * @throws Error when no table has the name
 */
export function fillTables(
  document: string,
  markdown: string,
  tables: Readonly<Record<string, Table>>,
): string {
  return markdown.replaceAll(BLOCK, (_, open: string, name: string) => {
    const table = tables[name];
    if (table === undefined) {
      throw new Error(
        `${document}: no table is called "${name}"; there are: ${Object.keys(tables).join(", ")}.`,
      );
    }
    return `${open}\n${table(document)}\n\n<!-- /generated -->`;
  });
}

/** A table in Markdown. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
