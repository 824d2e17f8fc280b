import { expect, test } from "vitest";
import { signed, unsigned } from "./leb128.ts";

// 624485 and -123456 are examples of the DWARF standard, appendix C, and of the WebAssembly specification.
test.each([
  [2, [0x02]],
  [127, [0x7f]],
  [128, [0x80, 0x01]],
  [624_485, [0xe5, 0x8e, 0x26]],
  [0xffff_ffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
])("%i without a sign", (value, bytes) => expect(unsigned(value)).toEqual(bytes));

test.each([
  [2, [0x02]],
  [63, [0x3f]],
  [64, [0xc0, 0x00]],
  [-1, [0x7f]],
  [-64, [0x40]],
  [-65, [0xbf, 0x7f]],
  [-123_456, [0xc0, 0xbb, 0x78]],
  [0x7fff_ffff, [0xff, 0xff, 0xff, 0xff, 0x07]],
])("%i with a sign", (value, bytes) => expect(signed(value)).toEqual(bytes));
