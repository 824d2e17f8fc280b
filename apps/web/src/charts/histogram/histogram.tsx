import type { JSX } from "preact";
import { countText, numberText } from "../../format/number-text.ts";
import { useWidth } from "../figure/use-width.ts";
import type { Bin } from "../scales/bins.ts";
import { linear } from "../scales/linear.ts";

const [HEIGHT, LEFT, TOP, BOTTOM] = [140, 34, 8, 118];

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
  const up = linear([0, most], [BOTTOM, TOP]);
  const barWidth = Math.max(1, (width - LEFT) / Math.max(1, bins.length) - 2);
  const frame = { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` };
  return (
    <div ref={box}>
      <svg role="img" aria-label={`${title}, ${bins.length} bars`} {...frame}>
        {bins.map(({ from, to, count }, at) => (
          <rect
            key={at}
            class="bar"
            x={across(at) + 1}
            y={up(count)}
            width={barWidth}
            height={BOTTOM - up(count)}
          >
            <title>{`${numberText(from)} to ${numberText(to)}: ${countText(count, "module")}`}</title>
          </rect>
        ))}
        <line class="axis" x1={LEFT} x2={width} y1={BOTTOM} y2={BOTTOM} />
        <text x={LEFT - 6} y={TOP + 8} text-anchor="end" children={most} />
        <text x={LEFT} y={HEIGHT - 6} children={numberText(bins[0]?.from)} />
        <text x={width} y={HEIGHT - 6} text-anchor="end" children={numberText(bins.at(-1)?.to)} />
      </svg>
    </div>
  );
}
