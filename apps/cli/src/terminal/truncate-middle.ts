import { textWidth } from "./text-width.ts";

/**
 * A text of at most `width` columns: what does not fit is taken out of the middle, since both ends of a module's
 * name say what it is. Takes plain text, no colours.
 */
export function truncateMiddle(text: string, width: number, unicode: boolean): string {
  if (textWidth(text) <= width) return text;
  const gap = unicode ? "…" : "..";
  const room = Math.max(0, width - gap.length);
  const characters = [...text];
  const tail = takeWhileFits([...characters].reverse(), Math.floor(room / 2)).reverse();
  const head = takeWhileFits(characters, room - textWidth(tail.join("")));
  return (head.join("") + gap + tail.join("")).slice(0, Math.max(width, 0));
}

function takeWhileFits(characters: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += textWidth(character);
    if (used > width) break;
    taken.push(character);
  }
  return taken;
}
