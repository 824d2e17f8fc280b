const IMAGE_URL = /^data:(image\/(?:png|jpeg|webp|gif));base64,/u;

/** The picture of a data URL; undefined where it is none that a page should show, SVG among them. */
export function dataImage(url: string): Blob | undefined {
  const head = IMAGE_URL.exec(url.slice(0, 64));
  if (head === null) return undefined;
  try {
    const binary = atob(url.slice(head[0].length));
    return new Blob([Uint8Array.from(binary, (character) => character.charCodeAt(0))], { type: head[1]! });
  } catch {
    return undefined;
  }
}
