/** What a drawing looks like by: stylesheets stay behind when it is saved. */
const PAINTED = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "font",
  "text-anchor",
] as const;
const COLOURS: readonly string[] = ["fill", "stroke"];

/** A drawing as a file of its own, on the paper it stands on. */
export function svgText(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [originals, copies] = [svg, copy].map((root) => [root, ...root.querySelectorAll<SVGElement>("*")]);
  originals!.forEach((original, index) => {
    const painted = getComputedStyle(original);
    for (const name of PAINTED) {
      const value = painted.getPropertyValue(name);
      copies![index]!.style.setProperty(name, COLOURS.includes(name) ? plainColour(value) : value);
    }
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.style.background = plainColour(getComputedStyle(document.body).backgroundColor);
  return new XMLSerializer().serializeToString(copy);
}

/** `rgb(…)` of any colour a browser knows: other programs do not read `oklab(…)`. */
function plainColour(colour: string): string {
  if (colour === "none" || colour.startsWith("rgb") || colour.startsWith("url")) return colour;
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return colour;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return alpha === 0 ? "none" : `rgb(${red}, ${green}, ${blue})`;
}
