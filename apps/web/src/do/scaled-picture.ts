const QUALITY = 0.9;

/**
 * An image file as a JPEG that fits a square; on white, where it lets something through.
 *
 * @throws Error where the browser cannot read it as an image
 */
export async function scaledPicture(file: File, most: number): Promise<Blob> {
  const image = await createImageBitmap(file).catch((cause: unknown) => {
    throw new Error(`${file.name} is no image that this browser reads`, { cause });
  });
  const scale = Math.min(1, most / Math.max(image.width, image.height));
  const [width, height] = [image.width, image.height].map((size) => Math.max(1, Math.round(size * scale)));
  const canvas = new OffscreenCanvas(width!, height!);
  const context = canvas.getContext("2d")!;
  context.fillStyle = "white";
  context.fillRect(0, 0, width!, height!);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width!, height!);
  image.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}
