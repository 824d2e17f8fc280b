import { expect, test } from "vitest";
import { imageFacts } from "./image-facts.ts";

const text = (chars: string): number[] => Array.from(chars, (char) => char.charCodeAt(0));

/** Headers as their formats' documents lay them out, of images of 640 × 480. */
const IMAGES: readonly (readonly [name: string, type: string, bytes: number[]])[] = [
  [
    "PNG",
    "image/png",
    [0x89, ...text("PNG\r\n\u001a\n"), 0, 0, 0, 13, ...text("IHDR"), 0, 0, 2, 128, 0, 0, 1, 224],
  ],
  [
    "JPEG, its frame behind another segment",
    "image/jpeg",
    [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc2, 0, 17, 8, 1, 224, 2, 128, 3],
  ],
  ["GIF", "image/gif", [...text("GIF89a"), 128, 2, 224, 1]],
  [
    "WebP with loss",
    "image/webp",
    [...text("RIFF"), 0, 0, 0, 0, ...text("WEBPVP8 "), 0, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a, 128, 2, 224, 1],
  ],
  [
    "WebP without loss",
    "image/webp",
    // 14 bits of width − 1, then 14 of height − 1: 639 | 479 << 14 = 0x0077c27f
    [...text("RIFF"), 0, 0, 0, 0, ...text("WEBPVP8L"), 0, 0, 0, 0, 0x2f, 0x7f, 0xc2, 0x77, 0x00],
  ],
  [
    "extended WebP",
    "image/webp",
    [...text("RIFF"), 0, 0, 0, 0, ...text("WEBPVP8X"), 10, 0, 0, 0, 0, 0, 0, 0, 127, 2, 0, 223, 1, 0],
  ],
];

test.each(IMAGES)("%s", (_, type, bytes) => {
  expect(imageFacts(Uint8Array.from(bytes))).toEqual({ type, width: 640, height: 480 });
});

test.each(IMAGES)("%s that is cut off has no size", (_, type, bytes) => {
  expect(imageFacts(Uint8Array.from(bytes.slice(0, type === "image/gif" ? 8 : 14)))).toEqual({
    type,
    width: null,
    height: null,
  });
});

test.each([
  ["nothing", []],
  ["text", text("hello")],
  ["a RIFF that is no picture", text("RIFF0000WAVE")],
])("%s is no image", (_, bytes) => {
  expect(imageFacts(Uint8Array.from(bytes))).toBeUndefined();
});
