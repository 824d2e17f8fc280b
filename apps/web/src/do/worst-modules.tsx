import type { JSX } from "preact";
import { percentText } from "../format/number-text.ts";

const MOST = 8;
/** Below it is what the last bit of f32 explains. */
const ROUNDING = 1e-6;

interface ModuleError {
  readonly name: string;
  readonly relativeErrorFrobenius: number | null;
}

/** Where most was lost: the modules with the largest errors. */
export function WorstModules({ report }: { readonly report: object }): JSX.Element | null {
  const modules = "modules" in report ? (report.modules as readonly ModuleError[]) : [];
  const worst = modules
    .filter(({ relativeErrorFrobenius: error }) => typeof error === "number" && error > ROUNDING)
    .sort((a, b) => b.relativeErrorFrobenius! - a.relativeErrorFrobenius!)
    .slice(0, MOST);
  if (worst.length === 0) return null;
  return (
    <table class="numbers worst">
      <caption>Largest errors</caption>
      <thead>
        <tr>
          <th scope="col">Module</th>
          <th scope="col" class="number">
            Error
          </th>
        </tr>
      </thead>
      <tbody>
        {worst.map(({ name, relativeErrorFrobenius }) => (
          <tr key={name}>
            <th scope="row" class="mono">
              {name}
            </th>
            <td class="number">{percentText(relativeErrorFrobenius)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
