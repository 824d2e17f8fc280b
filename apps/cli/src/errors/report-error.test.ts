import { LoraError } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { consoleOf } from "../console.ts";
import type { GlobalOptions } from "../global-options.ts";
import { asLoraError } from "./as-lora-error.ts";
import { exitCode } from "./exit-code.ts";
import { reportError } from "./report-error.ts";

const quietly: GlobalOptions = {
  json: false,
  quiet: false,
  verbose: false,
  progress: false,
  color: true,
  ascii: false,
  seed: 0,
  wideVectors: false,
};

function report(
  thrown: unknown,
  options: Partial<GlobalOptions> = {},
  signal = new AbortController().signal,
): object {
  const [out, err]: [string[], string[]] = [[], []];
  const io = {
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
    env: {},
    cores: 1,
    signal,
    now: () => 0,
  };
  const code = reportError(thrown, consoleOf(io, { ...quietly, ...options }));
  return { code, stdout: out.join(""), stderr: err.join("") };
}

const tooLong = new LoraError("FORMAT", "the header claims 255 bytes, the file holds 100", {
  file: "my-style.safetensors",
  tensor: "a.lora_up.weight",
  claimed: 255,
  advice: "check that this is a .safetensors file and was downloaded whole",
});

describe("an error of the toolkit", () => {
  test("is its rule, its place and what to do", () => {
    expect(report(tooLong)).toEqual({
      code: 1,
      stdout: "",
      stderr: `FORMAT  the header claims 255 bytes, the file holds 100
          file: my-style.safetensors
          tensor: a.lora_up.weight
          try: check that this is a .safetensors file and was downloaded whole
`,
    });
  });

  test("has all its facts with --verbose", () => {
    expect(report(tooLong, { verbose: true })).toMatchObject({
      stderr: expect.stringContaining("          claimed: 255\n"),
    });
  });

  test("is a line of JSON on stdout with --json", () => {
    expect(report(tooLong, { json: true })).toMatchObject({
      stdout: `{"error":{"code":"FORMAT","message":"the header claims 255 bytes, the file holds 100","facts":{"file":"my-style.safetensors","tensor":"a.lora_up.weight","claimed":255},"advice":"check that this is a .safetensors file and was downloaded whole"}}\n`,
    });
  });

  test("shows escape sequences of a file instead of obeying them", () => {
    const hostile = new LoraError("FORMAT", "the name is \u001b[2J", { tensor: "\u001b]0;x\u0007" });
    expect(report(hostile)).toMatchObject({
      stderr: expect.stringContaining(
        "FORMAT  the name is \\u001b[2J\n          tensor: \\u001b]0;x\\u0007\n",
      ),
    });
  });
});

describe("any other error", () => {
  test("nobody foresaw is one line and exit code 1, the stack only with --verbose", () => {
    const bug = new TypeError("x is undefined");
    expect(report(bug)).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "INTERNAL  TypeError: x is undefined\n          try: run it again with --verbose, and report what it prints\n",
    });
    expect(report(bug, { verbose: true })).toMatchObject({
      stderr: expect.stringMatching(/^INTERNAL {2}.*\n +at /),
    });
    expect(report("a text", { json: true })).toMatchObject({
      stdout: '{"error":{"code":"INTERNAL","message":"a text","facts":{},"advice":null}}\n',
    });
  });

  test("of the operating system is IO with its path", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      syscall: "write",
      path: "/full/x",
    });
    expect(report(full)).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "IO  ENOSPC: no space left on device, write\n          file: /full/x\n          try: check the path, the permissions and the disk\n",
    });
  });

  test("that an abort left is ABORTED and 130", () => {
    const aborted = AbortSignal.abort();
    expect(asLoraError(aborted.reason)).toMatchObject({ code: "ABORTED" });
    expect(report(new Error("the sink is closed"), {}, aborted)).toEqual({
      code: 130,
      stdout: "",
      stderr: "ABORTED  interrupted\n",
    });
  });
});

test.each([
  ["USAGE", 2],
  ["VERIFICATION", 3],
  ["ABORTED", 130],
  ["FORMAT", 1],
  ["IO", 1],
  ["NUMERIC", 1],
] as const)("%s exits with %i", (kind, code) => {
  expect(exitCode(kind)).toBe(code);
});

test("an error without advice gets the usual one of its kind", () => {
  expect(report(new LoraError("FORMAT", "12 bytes follow the last tensor"))).toMatchObject({
    stderr:
      "FORMAT  12 bytes follow the last tensor\n" +
      "          try: fetch the file again; if it stays like this, the program that wrote it is at fault\n",
  });
});
