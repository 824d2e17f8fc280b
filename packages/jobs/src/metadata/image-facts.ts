/** What the first bytes of an image say. */
export interface ImageFacts {
  /** Media type. */
  readonly type: string;
  /** Pixels; null where they are not where they are looked for. */
  readonly width: number | null;
  readonly height: number | null;
}

type Size = Pick<ImageFacts, "width" | "height">;

interface ImageType {
  readonly type: string;
  readonly magic: RegExp;
  size(view: DataView): Size | undefined;
}

/** Files begin with Latin-1 text as these patterns say. */
const TYPES: readonly ImageType[] = [
  {
    type: "image/png",
    magic: /^\u{89}PNG\r\n/u,
    size: (view) => size(view.getUint32(16), view.getUint32(20)),
  },
  { type: "image/jpeg", magic: /^\xff\xd8\xff/u, size: jpegSize },
  { type: "image/webp", magic: /^RIFF.{4}WEBP/su, size: webpSize },
  {
    type: "image/gif",
    magic: /^GIF8[79]a/u,
    size: (view) => size(view.getUint16(6, true), view.getUint16(8, true)),
  },
];

/** Type and size of a PNG, JPEG, WebP or GIF; undefined of anything else. Decodes no pixels. */
export function imageFacts(bytes: Uint8Array): ImageFacts | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  const found = TYPES.find(({ magic }) => magic.test(start));
  if (found === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { type: found.type, ...(sizeWithin(found, view) ?? { width: null, height: null }) };
}

/** An image that was cut off has no size. */
function sizeWithin({ size: read }: ImageType, view: DataView): Size | undefined {
  try {
    return read(view);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The first frame header among the segments. */
function jpegSize(view: DataView): Size | undefined {
  let at = 2;
  while (view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return size(view.getUint16(at + 7), view.getUint16(at + 5));
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function webpSize(view: DataView): Size | undefined {
  const chunk = String.fromCharCode(...[12, 13, 14, 15].map((at) => view.getUint8(at)));
  if (chunk === "VP8X") return size(1 + uint24(view, 24), 1 + uint24(view, 27));
  if (chunk === "VP8 ") return size(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  if (chunk !== "VP8L") return undefined;
  const bits = view.getUint32(21, true);
  return size(1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff));
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 2 ** 16;
}

function size(width: number, height: number): Size {
  return { width, height };
}
