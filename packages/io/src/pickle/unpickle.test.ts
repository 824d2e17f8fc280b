import { describe, expect, test } from "vitest";
import { Cursor } from "../parse/cursor.ts";
import { findGlobal } from "../torch/globals.ts";
import { pickle, text } from "./pickle.test-helper.ts";
import { unpickle } from "./unpickle.ts";
import type { PickleValue } from "./values.ts";

function loaded(bytes: Uint8Array, budget = 1e6): PickleValue {
  const loadPersistent = (id: PickleValue): PickleValue => ({ kind: "tuple", items: ["loaded", id] });
  return unpickle(new Cursor(bytes, { what: "the pickle" }), {
    findGlobal,
    loadPersistent,
    budget: { left: budget },
  });
}

const list = (...items: PickleValue[]): PickleValue => ({ kind: "list", items });
const tuple = (...items: PickleValue[]): PickleValue => ({ kind: "tuple", items });
const dict = (...entries: [PickleValue, PickleValue][]): PickleValue => ({
  kind: "dict",
  entries: new Map(entries),
});

test.each<[string, Uint8Array, PickleValue]>([
  ["None", pickle("N"), null],
  ["two truths", pickle(0x88, 0x89, 0x86), tuple(true, false)],
  [
    "whole numbers of 1, 2 and 4 bytes",
    pickle("K", 255, "M", 1, 2, "J", 255, 255, 255, 255, 0x87),
    tuple(255, 513, -1),
  ],
  [
    "whole numbers of any bytes",
    pickle(0x8a, 0, 0x8a, 1, 0x80, 0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x87),
    tuple(0, -128, 2n ** 64n),
  ],
  ["a long with a long length", pickle(0x8b, 2, 0, 0, 0, 0, 1), 256],
  ["a float, most significant byte first", pickle("G", 0xbf, 0xf8, 0, 0, 0, 0, 0, 0), -1.5],
  [
    "texts",
    pickle("X", 3, 0, 0, 0, "a↑".slice(0, 1), "é", 0x8c, 1, "b", 0x8d, 1, 0, 0, 0, 0, 0, 0, 0, "c", 0x87),
    tuple("aé", "b", "c"),
  ],
  ["texts of Python 2", pickle("U", 1, "a", "T", 1, 0, 0, 0, "b", 0x86), tuple("a", "b")],
  ["bytes", pickle("C", 2, 1, 2), Uint8Array.of(1, 2)],
  ["long bytes", pickle("B", 1, 0, 0, 0, 7), Uint8Array.of(7)],
  ["longer bytes", pickle(0x8e, 1, 0, 0, 0, 0, 0, 0, 0, 7), Uint8Array.of(7)],
  ["bytes that can change", pickle(0x96, 1, 0, 0, 0, 0, 0, 0, 0, 7), Uint8Array.of(7)],
  ["a tuple between marks", pickle("(K", 1, "(K", 2, "tt"), tuple(1, tuple(2))],
  ["a tuple of one, and an empty one", pickle(")", 0x85), tuple(tuple())],
  ["a list that grows", pickle("]K", 1, "a(K", 2, "K", 3, "e"), list(1, 2, 3)],
  ["a list between marks", pickle("(K", 1, "l"), list(1)],
  ["sets", pickle(0x8f, "(K", 1, 0x90), { kind: "set", items: [1] }],
  ["a frozen set", pickle("(K", 1, 0x91), { kind: "set", items: [1] }],
  ["a dictionary that grows", pickle("}K", 1, "K", 2, "s(K", 3, "K", 4, "u"), dict([1, 2], [3, 4])],
  ["a dictionary between marks", pickle("(K", 1, "K", 2, "d"), dict([1, 2])],
  ["what is popped and doubled", pickle("K", 1, "K", 2, "02", 0x86), tuple(1, 1)],
  ["what is dropped to a mark", pickle("K", 1, "(K", 2, "1"), 1],
  [
    "the memo, three ways in and two out",
    pickle("Nq", 5, "0", 0x88, "r", 1, 1, 0, 0, "0K", 7, 0x94, "h", 5, "j", 1, 1, 0, 0, 0x87),
    tuple(7, null, true),
  ],
  ["what is stored elsewhere", pickle("K", 9, "Q"), tuple("loaded", 9)],
  ["a frame", pickle(0x95, 2, 0, 0, 0, 0, 0, 0, 0, "K", 1), 1],
  [
    "an ordered dictionary of pairs",
    pickle("ccollections\nOrderedDict\n](K", 1, "K", 2, 0x86, "e", 0x85, "R"),
    dict([1, 2]),
  ],
  [
    "a set by its class, from the stack",
    pickle(text("builtins"), text("set"), 0x93, "](K", 1, "e", 0x85, "R"),
    { kind: "set", items: [1] },
  ],
  [
    "bytes of protocol 2",
    pickle("c_codecs\nencode\n", "X", 2, 0, 0, 0, "ÿ", text("latin1"), 0x86, "R"),
    Uint8Array.of(255),
  ],
  ["attributes of a dictionary, which say nothing", pickle("}}b"), dict()],
])("hand-worked: %s", (_, bytes, value) => {
  expect(loaded(bytes)).toEqual(value);
});

test("a dictionary may contain itself", () => {
  const value = loaded(pickle("}q", 0, text("self"), "h", 0, "s"));
  expect(value).toMatchObject({ kind: "dict" });
  expect((value as { entries: Map<string, unknown> }).entries.get("self")).toBe(value);
});

describe("a pickle is refused", () => {
  test.each<[string, Uint8Array, string]>([
    [
      "that ends before its end",
      pickle("X", 9, 0, 0, 0, "ab").subarray(0, 9),
      "the pickle needs 9 more bytes, and 2 follow",
    ],
    [
      "whose length is no number",
      pickle(0x8d, 255, 255, 255, 255, 255, 255, 255, 255),
      "the pickle claims 18446744073709551615 of something",
    ],
    ["with a text that is not UTF-8", pickle("U", 1, 0xff), "the pickle holds a text that is not UTF-8"],
    ["with a huge whole number", pickle(0x8b, 65, 0, 0, 0), "the pickle holds a whole number of 65 bytes"],
    ["with an unknown byte", pickle(0xff), "byte 0xff is no instruction of a pickle"],
    ["that takes from an empty stack", pickle("0"), "the pickle takes a value where there is none"],
    ["that goes back too far", pickle("t"), "the pickle goes back to a mark that it never set"],
    ["that recalls nothing", pickle("h", 3), "the pickle recalls value 3, which it never kept"],
    ["with a key alone", pickle("}(K", 1, "u"), "the pickle gives a key without a value"],
    ["that adds to a tuple", pickle(")K", 1, "a"), "the pickle adds to a tuple as if it were a list"],
    [
      "that imports a number",
      pickle("K", 1, "K", 2, 0x93),
      "the pickle imports number of number: both have to be texts",
    ],
    [
      "that calls with a number",
      pickle("K", 1, "K", 2, "R"),
      "the pickle calls something with number for its arguments",
    ],
    ["that calls a number", pickle("K", 1, ")R"), "the pickle calls a number"],
    [
      "that calls a type",
      pickle("ctorch\nFloatStorage\n)R"),
      "the pickle calls torch.FloatStorage, which only names a type",
    ],
    ["that sets attributes of a list", pickle("]}b"), "the pickle sets attributes of a list"],
    [
      "that makes a dictionary of triples",
      pickle("ccollections\nOrderedDict\n])a", 0x85, "R"),
      "an item of a dictionary has 0 parts",
    ],
    [
      "that makes bytes of a list",
      pickle("c_codecs\nencode\n]", 0x85, "R"),
      "the pickle makes bytes of list",
    ],
  ])("%s", (_, bytes, message) => {
    expect(() => loaded(bytes)).toThrow(expect.objectContaining({ code: "FORMAT", message }));
  });

  test.each<[string, Uint8Array, string]>([
    ["of protocol 6", Uint8Array.of(0x80, 6), "the pickle has protocol 6, and those up to 5 are read"],
    ["with an instruction that is not run", pickle("I1\n"), "the pickle uses INT, which is not run"],
  ])("%s", (_, bytes, message) => {
    expect(() => loaded(bytes)).toThrow(expect.objectContaining({ code: "UNSUPPORTED", message }));
  });

  test.each([
    ["posix", "system", /would run code/u],
    ["builtins", "eval", /would run code/u],
    ["__builtin__", "exec", /would run code/u],
    ["argparse", "Namespace", /save only the tensors/u],
    ["constructor", "prototype", /save only the tensors/u],
  ])("that asks for %s.%s", (module, name, advice) => {
    expect(() => loaded(pickle(`c${module}\n${name}\n`))).toThrow(
      expect.objectContaining({
        code: "UNSUPPORTED",
        message: `the pickle asks for ${module}.${name}, which is not on the list of what is read`,
        advice: expect.stringMatching(advice) as unknown,
      }),
    );
  });

  test("whose values take more memory than its size allows", () => {
    const message = "the values of the pickle take more memory than a file of its size may";
    const copies = "h\0(h\u0001tR0".repeat(100);
    const bombs = [
      pickle("}".repeat(10_000)),
      pickle("(".repeat(70_000)),
      pickle("N", "2".repeat(70_000)),
      pickle("cbuiltins\nlist\nq", 0, "](", "N".repeat(1000), "eq", 1, copies, "N"),
    ];
    for (const bomb of bombs)
      expect(() => loaded(bomb)).toThrow(expect.objectContaining({ code: "FORMAT", message }));
  });
});
