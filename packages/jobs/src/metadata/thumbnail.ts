import { LoraError } from "@lora/tensor";
import { imageFacts, type ImageFacts } from "./image-facts.ts";

/** Where modelspec keeps a picture, as a data URL. */
export const THUMBNAIL = "modelspec.thumbnail";

/** A picture that a file carries. */
export interface Thumbnail extends ImageFacts {
  readonly bytes: Uint8Array;
}

const DATA_URL = /^data:([\w.+/-]*)(?:;[\w=-]+)*;base64,/u;

/**
 * The picture of a data URL. Its own first bytes say what it is; where they are of no known image, the URL does.
 *
 * @throws LoraError FORMAT when it is no base64 data URL
 */
export function thumbnailOf(url: string): Thumbnail {
  const head = DATA_URL.exec(url.slice(0, 200));
  const advice = `remove it with --unset ${THUMBNAIL}`;
  if (head === null) throw new LoraError("FORMAT", "the thumbnail is no base64 data URL", { advice });
  const bytes = fromBase64(url.slice(head[0].length));
  if (bytes === undefined) throw new LoraError("FORMAT", "the thumbnail is no valid base64", { advice });
  return { ...(imageFacts(bytes) ?? { type: head[1] || "unknown", width: null, height: null }), bytes };
}

/**
 * An image as a data URL, byte for byte.
 *
 * @throws LoraError FORMAT when it is no PNG, JPEG, WebP or GIF
 */
export function thumbnailUrl(bytes: Uint8Array): string {
  const facts = imageFacts(bytes);
  if (facts !== undefined) return `data:${facts.type};base64,${toBase64(bytes)}`;
  throw new LoraError("FORMAT", "the first bytes are of no image that a thumbnail can be", {
    advice: "give a PNG, JPEG, WebP or GIF; 256 × 256 pixels are enough",
  });
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** In pieces, since a call takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 2 ** 14) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 2 ** 14));
  }
  return btoa(binary);
}
