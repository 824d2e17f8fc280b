import { expect, test } from "vitest";
import { bytesText, counted, durationText, exact, percent, significant } from "./number-format.ts";

test.each([
  [null, "-"],
  [0, "0"],
  [1, "1.00"],
  [-0.25, "-0.250"],
  [0.00123, "0.00123"],
  [0.000999, "9.99e-4"],
  [12.345, "12.3"],
  [999.4, "999"],
  [999.6, "1000"],
  [123456, "123456"],
  [1.5e6, "1.50e6"],
  [6.1e-17, "6.10e-17"],
])("a measured number has three significant digits: %s is %s", (value, text) => {
  expect(significant(value)).toBe(text);
});

test.each([
  [null, "-"],
  [16, "16"],
  [0.5, "0.5"],
  [1 / 3, "0.333333"],
  [1e-7, "1e-7"],
])("a given number is as short as it is: %s is %s", (value, text) => {
  expect(exact(value)).toBe(text);
});

test.each([
  [null, "-"],
  [0, "0%"],
  [1, "100%"],
  [0.1234, "12.3%"],
  [0.0471, "4.71%"],
  [0.000012, "0.00120%"],
  [1e-7, "1.00e-5%"],
  [0.9996, "99.96%"],
  [0.99996, ">99.99%"],
  [2.5, "250%"],
])("a share never rounds to all or nothing: %s is %s", (share, text) => {
  expect(percent(share)).toBe(text);
});

test.each([
  [null, "-"],
  [0, "0 B"],
  [980, "980 B"],
  [999.4, "999 B"],
  [1000, "1.00 kB"],
  [13_168, "13.2 kB"],
  [999_499, "999 kB"],
  [999_500, "1.00 MB"],
  [6_938_040_682, "6.94 GB"],
  [5e16, "50000 TB"],
])("a size is in decimal units: %s is %s", (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

test.each([
  [0, "0.0 s"],
  [0.44, "0.4 s"],
  [9.96, "10 s"],
  [59.4, "59 s"],
  [59.6, "1 min 0 s"],
  [80, "1 min 20 s"],
  [7500, "2 h 5 min"],
])("a time has at most two units: %s is %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test("a count agrees with its noun", () => {
  expect([0, 1, 2].map((count) => counted(count, "module"))).toEqual(["0 modules", "1 module", "2 modules"]);
});
