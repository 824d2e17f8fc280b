import { expect, test } from "vitest";
import { crossesOrigins } from "./crosses-origins.ts";

test.each([
  ["https://a/x", undefined, false],
  ["https://a/x", "https://a", false],
  ["https://a:444/x", "https://a", true],
  ["http://a/x", "https://a", true],
])("%s asked for from %s crosses origins: %s", (url, page, crosses) => {
  expect(crossesOrigins(url, page)).toBe(crosses);
});

test("outside of a page nothing does", () => {
  expect(crossesOrigins("https://a/x")).toBe(false);
});
