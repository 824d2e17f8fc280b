import { expect, test } from "vitest";
import { printable } from "./printable.ts";
import { speaksUnicode } from "./speaks-unicode.ts";
import { styleFor, wantsColours } from "./style.ts";

test("a style colours by meaning, or leaves text alone", () => {
  expect(styleFor(true)("bad", "FAIL")).toBe("\u001b[31mFAIL\u001b[39m");
  expect(styleFor(true)("bad", "")).toBe("");
  expect(styleFor(false)("bad", "FAIL")).toBe("FAIL");
});

test.each([
  ["a terminal has colours", { isTTY: true, env: {}, refused: false }, true],
  ["a pipe has none", { isTTY: false, env: {}, refused: false }, false],
  ["NO_COLOR is obeyed", { isTTY: true, env: { NO_COLOR: "1" }, refused: false }, false],
  ["an empty NO_COLOR says nothing", { isTTY: true, env: { NO_COLOR: "" }, refused: false }, true],
  ["FORCE_COLOR colours a pipe", { isTTY: false, env: { FORCE_COLOR: "1" }, refused: false }, true],
  ["FORCE_COLOR=0 forbids", { isTTY: true, env: { FORCE_COLOR: "0" }, refused: false }, false],
  [
    "FORCE_COLOR is stronger than NO_COLOR",
    { isTTY: false, env: { FORCE_COLOR: "", NO_COLOR: "1" }, refused: false },
    true,
  ],
  ["--no-color is stronger than all", { isTTY: true, env: { FORCE_COLOR: "1" }, refused: true }, false],
  ["a dumb terminal has none", { isTTY: true, env: { TERM: "dumb" }, refused: false }, false],
])("%s", (_, question, answer) => {
  expect(wantsColours(question)).toBe(answer);
});

test.each([
  [{ LANG: "C.UTF-8" }, true],
  [{ LANG: "en_GB.utf8" }, true],
  [{ LANG: "C" }, false],
  [{ LC_ALL: "C", LANG: "en_GB.UTF-8" }, false],
  [{ LC_ALL: "", LC_CTYPE: "de_DE.UTF-8", LANG: "C" }, true],
  [{}, true],
])("the locale %j decides about Unicode: %s", (env, unicode) => {
  expect(speaksUnicode(env)).toBe(unicode);
});

test("escape sequences and bidi marks in names are shown, not obeyed", () => {
  expect(printable("a\u001b[2Jb\nc\u202ed日本")).toBe("a\\u001b[2Jb\\u000ac\\u202ed日本");
});
