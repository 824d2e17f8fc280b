import { expect, test } from "vitest";
import { run } from "../run.test-helper.ts";

test.each([
  [
    "an unknown command",
    ["inspekt", "x"],
    "USAGE  unknown command 'inspekt'\n          try: did you mean inspect?\n",
  ],
  [
    "an unknown flag",
    ["resize", "x", "--rnk", "4"],
    "USAGE  unknown option '--rnk'\n          try: did you mean --rank?\n",
  ],
  [
    "an unknown flag that resembles a global one",
    ["inspect", "x", "--jsn"],
    "USAGE  unknown option '--jsn'\n          try: did you mean --json?\n",
  ],
  [
    "no file",
    ["inspect"],
    "USAGE  missing required argument 'file'\n          try: see the flags and examples of the command with --help\n",
  ],
  [
    "only one file",
    ["verify", "a"],
    "USAGE  missing required argument 'b'\n          try: see the flags and examples of the command with --help\n",
  ],
  [
    "too many files",
    ["inspect", "a", "b"],
    "USAGE  too many arguments for 'inspect'. Expected 1 argument but got 2.\n          try: see the flags and examples of the command with --help\n",
  ],
  [
    "a flag without its value",
    ["inspect", "x", "--modules"],
    "USAGE  option '--modules <all|glob>' argument missing\n          try: see the flags and examples of the command with --help\n",
  ],
  [
    "a rank that is no number",
    ["resize", "x", "-o", "y", "--rank", "many"],
    'USAGE  --rank takes a whole number, not "many"\n          try: give digits, e.g. --rank 16\n',
  ],
  [
    "a fraction of a rank",
    ["resize", "x", "-o", "y", "--rank", "2.5"],
    'USAGE  --rank takes a whole number, not "2.5"\n          try: give digits, e.g. --rank 16\n',
  ],
  [
    "an energy that is no number",
    ["resize", "x", "-o", "y", "--energy", "90%"],
    'USAGE  --energy takes a number, not "90%"\n          try: give a decimal number, e.g. --energy 0.9\n',
  ],
  [
    "an empty tolerance",
    ["verify", "a", "b", "--tolerance", ""],
    'USAGE  --tolerance takes a number, not ""\n          try: give a decimal number, e.g. --tolerance 0.01\n',
  ],
  [
    "a type that is not written",
    ["resize", "x", "-o", "y", "--rank", "4", "--dtype", "int8"],
    "USAGE  option '--dtype <type>' argument 'int8' is invalid. Allowed choices are f16, bf16, f32.\n          try: see the flags and examples of the command with --help\n",
  ],
  [
    "a file where the scale of a knee may stand",
    ["resize", "-o", "y", "--knee", "x.safetensors"],
    "USAGE  option '--knee [scale]' argument 'x.safetensors' is invalid. Allowed choices are linear, log.\n          try: see the flags and examples of the command with --help\n",
  ],
  [
    "no thread at all",
    ["verify", "a", "b", "--threads", "0"],
    'USAGE  --threads takes a whole number from 1 to 256, not "0"\n          try: give digits, e.g. --threads 2, or leave it out\n',
  ],
  [
    "more threads than anybody has",
    ["analyse", "x", "--threads", "257"],
    expect.stringContaining('not "257"\n'),
  ],
  [
    "a number of threads that is none",
    ["analyse", "x", "--threads", "all"],
    expect.stringContaining('not "all"\n'),
  ],
  [
    "nowhere to write to",
    ["resize", "x", "--rank", "4"],
    "USAGE  resize needs a place to write to\n          try: name it with -o OUT, or look at sizes and errors with --dry-run\n",
  ],
  [
    "no rule",
    ["resize", "x", "-o", "y"],
    expect.stringMatching(/^USAGE {2}exactly one rule must choose the ranks, 0 are given\n {10}try: /),
  ],
  [
    "two rules",
    ["resize", "x", "-o", "y", "--rank", "4", "--energy", "0.9"],
    expect.stringMatching(/^USAGE {2}exactly one rule must choose the ranks, 2 are given\n {10}try: /),
  ],
  [
    "an energy above 1",
    ["resize", "x", "-o", "y", "--energy", "90"],
    expect.stringMatching(/^USAGE {2}.*above 0 and at most 1.* 90\n/),
  ],
  [
    "a recipe that cannot be read",
    ["resize", "x", "-o", "y", "--recipe", "spn_chkpt=1,thr=0"],
    expect.stringContaining("USAGE  "),
  ],
])("wrong usage exits with 2 and one message: %s", async (_, argv, stderr) => {
  expect(await run(argv)).toEqual({ code: 2, stdout: "", stderr });
});

test("with --json the error is an object on stdout, besides the text on stderr", async () => {
  const { code, stdout, stderr } = await run(["resize", "x", "--rank", "4", "--json"]);
  expect(code).toBe(2);
  expect(stderr).toContain("USAGE  resize needs a place to write to");
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: "USAGE",
      message: "resize needs a place to write to",
      facts: {},
      advice: "name it with -o OUT, or look at sizes and errors with --dry-run",
    },
  });
});

test("also where the words could not be parsed", async () => {
  const { stdout } = await run(["inspekt", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "USAGE", advice: "did you mean inspect?" } });
});
