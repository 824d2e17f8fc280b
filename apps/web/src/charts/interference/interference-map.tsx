import type { JSX } from "preact";
import { numberText } from "../../format/number-text.ts";
import { InterferenceRow } from "./interference-row.tsx";

interface InterferenceMapProps {
  readonly names: readonly string[];
  /** Of each two, 1 on the diagonal; null where they share no weight. */
  readonly cosines: readonly (readonly (number | null)[])[];
}

const [LEFT, TOP, WIDTH, HEIGHT] = [150, 26, 72, 40];

/** How adapters stand to each other: 1 the same direction, 0 none of the other's business, −1 against each other. */
export function InterferenceMap({ names, cosines }: InterferenceMapProps): JSX.Element {
  const size = [LEFT + WIDTH * names.length, TOP + HEIGHT * names.length] as const;
  const frame = { width: size[0], height: size[1], viewBox: `0 0 ${size.join(" ")}` };
  const pairs = cosines.flatMap((row, a) =>
    row.slice(0, a).map((value, b) => `${names[a]} and ${names[b]}: ${numberText(value)}`),
  );
  return (
    <div class="chart-scroll" role="region" aria-label="Interference map" tabIndex={0}>
      <svg role="img" aria-label={pairs.join("; ")} {...frame} style={{ maxWidth: "none" }}>
        {names.map((name, index) => (
          <text key={index} x={LEFT + WIDTH * (index + 0.5)} y={TOP - 8} text-anchor="middle">
            <title>{name}</title>
            {index + 1}
          </text>
        ))}
        {cosines.map((row, index) => (
          <InterferenceRow
            key={index}
            names={names}
            index={index}
            cosines={row}
            left={LEFT}
            top={TOP + HEIGHT * index}
            cell={[WIDTH, HEIGHT]}
          />
        ))}
      </svg>
    </div>
  );
}
