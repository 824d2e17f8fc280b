import { expect, test } from "vitest";
import { dataImage } from "./data-image.ts";

test("the bytes of a picture come out of its data URL", async () => {
  const image = dataImage("data:image/png;base64,iVBORw==")!;
  expect(image.type).toBe("image/png");
  expect(new Uint8Array(await image.arrayBuffer())).toEqual(Uint8Array.of(0x89, 0x50, 0x4e, 0x47));
});

test.each([
  "",
  "None",
  "data:image/svg+xml;base64,PHN2Zz4=",
  "data:image/png;base64,*",
  "https://example.org/a.png",
])("what is no picture is not shown: %j", (url) => expect(dataImage(url)).toBeUndefined());
