import { plainColours } from "./plain-colours.ts";
import { taskPauses } from "./task-pauses.ts";

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

/** What it takes to copy a drawing. */
interface Paint {
  readonly plain: (colour: string) => string;
  /** To be waited for between elements, of which there may be thousands. */
  readonly pause: () => Promise<void>;
}

/** The drawings of a box as one file, each where it stands, on the paper of the page; in no long task. */
export async function svgText(box: Element): Promise<string | undefined> {
  const drawings = [...box.querySelectorAll("svg")];
  const [first] = drawings;
  if (first === undefined) return undefined;
  const paint = { plain: plainColours(), pause: taskPauses() };
  const whole = drawings.length === 1 ? await painted(first, paint) : await together(box, drawings, paint);
  whole.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  whole.style.background = paint.plain(getComputedStyle(document.body).backgroundColor);
  return new XMLSerializer().serializeToString(whole);
}

/** Several drawings, each in its place, above its name. */
async function together(
  box: Element,
  drawings: readonly SVGSVGElement[],
  paint: Paint,
): Promise<SVGSVGElement> {
  const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const { left, top, width, height } = box.getBoundingClientRect();
  let [most, grown] = [width, 0];
  for (const drawing of drawings) {
    const place = drawing.getBoundingClientRect();
    const copy = await painted(drawing, paint);
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
    title.style.fill = paint.plain(getComputedStyle(box).color);
    whole.append(copy, title);
  }
  whole.setAttribute("viewBox", `0 0 ${Math.ceil(most)} ${Math.ceil(height + grown)}`);
  return whole;
}

/** A copy that looks the same without the stylesheets of the page. */
async function painted(svg: SVGSVGElement, { plain, pause }: Paint): Promise<SVGSVGElement> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [originals, copies] = [svg, copy].map((root) => [root, ...root.querySelectorAll<SVGElement>("*")]);
  for (const [index, original] of originals!.entries()) {
    await pause();
    if (original.tagName === "title") continue;
    const style = getComputedStyle(original);
    for (const name of PAINTED) {
      const value = style.getPropertyValue(name);
      copies![index]!.style.setProperty(name, COLOURS.includes(name) ? plain(value) : value);
    }
  }
  return copy;
}
