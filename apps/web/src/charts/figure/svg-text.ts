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

/** The drawings of a box as one file, each where it stands, on the paper of the page. */
export function svgText(box: Element): string | undefined {
  const drawings = [...box.querySelectorAll("svg")];
  const [first] = drawings;
  if (first === undefined) return undefined;
  const whole = drawings.length === 1 ? painted(first) : together(box, drawings);
  whole.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  whole.style.background = plainColour(getComputedStyle(document.body).backgroundColor);
  return new XMLSerializer().serializeToString(whole);
}

/** Several drawings, each in its place, above its name. */
function together(box: Element, drawings: readonly SVGSVGElement[]): SVGSVGElement {
  const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const { left, top, width, height } = box.getBoundingClientRect();
  let [most, grown] = [width, 0];
  for (const drawing of drawings) {
    const place = drawing.getBoundingClientRect();
    const copy = painted(drawing);
    // What scrolls on the page is whole in the file, and what follows makes room for it.
    const seen = drawing.closest(".chart-scroll")?.getBoundingClientRect() ?? place;
    const at = { x: seen.left - left, y: seen.top - top + grown, width: place.width, height: place.height };
    grown += Math.max(0, place.height - seen.height);
    most = Math.max(most, at.x + at.width);
    for (const [name, value] of Object.entries(at)) copy.setAttribute(name, String(value));
    const title = document.createElementNS("http://www.w3.org/2000/svg", "text");
    title.textContent = drawing.getAttribute("aria-label")?.split(/[,:]/u, 1)[0] ?? "";
    title.setAttribute("x", String(at.x));
    title.setAttribute("y", String(at.y + at.height + 14));
    title.style.font = "12px sans-serif";
    title.style.fill = plainColour(getComputedStyle(box).color);
    whole.append(copy, title);
  }
  whole.setAttribute("viewBox", `0 0 ${Math.ceil(most)} ${Math.ceil(height + grown)}`);
  return whole;
}

/** A copy that looks the same without the stylesheets of the page. */
function painted(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [originals, copies] = [svg, copy].map((root) => [root, ...root.querySelectorAll<SVGElement>("*")]);
  originals!.forEach((original, index) => {
    const style = getComputedStyle(original);
    for (const name of PAINTED) {
      const value = style.getPropertyValue(name);
      copies![index]!.style.setProperty(name, COLOURS.includes(name) ? plainColour(value) : value);
    }
  });
  return copy;
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
