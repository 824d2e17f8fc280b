import type { JSX } from "preact";
import { countText, numberText } from "../../format/number-text.ts";
import { useWidth } from "../figure/use-width.ts";
import type { Bin } from "../scales/bins.ts";
import { linear } from "../scales/linear.ts";

const [HEIGHT, LEFT, TOP, BOTTOM] = [140, 34, 8, 22];

/** Bars of equal width, as high as many values lie there. */
export function Histogram({
  title,
  bins,
}: {
  readonly title: string;
  readonly bins: readonly Bin[];
}): JSX.Element {
  const [box, measured] = useWidth<HTMLDivElement>(480);
  const width = Math.min(640, Math.max(200, measured));
  const most = bins.reduce((largest, { count }) => Math.max(largest, count), 1);
  const across = linear([0, Math.max(1, bins.length)], [LEFT, width]);
  const up = linear([0, most], [HEIGHT - BOTTOM, TOP]);
  const last = bins.at(-1);
  return (
    <div ref={box}>
      <svg
        role="img"
        aria-label={`${title}, ${bins.length} bars`}
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
      >
        {bins.map(({ from, to, count }, index) => (
          <rect
            key={from}
            class="bar"
            x={across(index) + 1}
            y={up(count)}
            width={Math.max(1, across(index + 1) - across(index) - 2)}
            height={HEIGHT - BOTTOM - up(count)}
          >
            <title>{`${numberText(from)} to ${numberText(to)}: ${countText(count, "module")}`}</title>
          </rect>
        ))}
        <line class="axis" x1={LEFT} x2={width} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} />
        <text x={LEFT - 6} y={TOP + 8} text-anchor="end">
          {most}
        </text>
        <text x={LEFT} y={HEIGHT - 6}>
          {numberText(bins[0]?.from)}
        </text>
        <text x={width} y={HEIGHT - 6} text-anchor="end">
          {numberText(last?.to)}
        </text>
      </svg>
    </div>
  );
}
