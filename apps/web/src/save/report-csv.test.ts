import { expect, test } from "vitest";
import { reportCsv } from "./report-csv.ts";

test("modules become rows; lists and commas are quoted, what is not there is empty", () => {
  const modules = [
    { name: "a,b", rank: 2, singularValues: [2, 1], base: { spectralNorm: 0.5 } },
    { name: 'say "c"', rank: null },
  ];
  expect(reportCsv({ modules })).toBe(
    'name,rank,singularValues,base.spectralNorm\n"a,b",2,"[2,1]",0.5\n"say ""c""",,,\n',
  );
});

test("a name that begins like a formula stays a text, a negative number a number", () => {
  expect(reportCsv({ modules: [{ name: "=1+1", cosine: -0.5 }] })).toBe("name,cosine\n'=1+1,-0.5\n");
});

test("a report without modules is no table", () => {
  expect(reportCsv({ job: "inspect" })).toBeUndefined();
});
