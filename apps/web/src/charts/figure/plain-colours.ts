/** Makes `rgb(…)` of any colour a browser knows: other programs do not read `oklab(…)`. Each is looked at once. */
export function plainColours(): (colour: string) => string {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map<string, string>();
  return (colour) => {
    if (context === null || colour === "none" || colour.startsWith("rgb") || colour.startsWith("url"))
      return colour;
    const plain = known.get(colour) ?? seen(context, colour);
    known.set(colour, plain);
    return plain;
  };
}

function seen(context: CanvasRenderingContext2D, colour: string): string {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return alpha === 0 ? "none" : `rgb(${red}, ${green}, ${blue})`;
}
