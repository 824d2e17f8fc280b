import type { JSX } from "preact";

/** What the colours of a heat map mean. */
export function HeatLegend({ title, most }: { readonly title: string; readonly most: string }): JSX.Element {
  return (
    <p class="heat-legend small">
      <span>{title}: 0</span>
      <span class="heat-ramp" aria-hidden="true" />
      <span>{most}</span>
    </p>
  );
}
