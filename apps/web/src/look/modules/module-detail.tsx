import type { ModuleAnalysis } from "@lora/jobs";
import type { JSX } from "preact";
import { numberText, percentText } from "../../format/number-text.ts";

/** Every direction of one module, the strongest first. */
export function ModuleDetail({ module }: { readonly module: ModuleAnalysis }): JSX.Element {
  const { name, singularValues, base, frobenius } = module;
  let energy = 0;
  return (
    <div class="detail">
      <h3 class="mono">{name}</h3>
      {base !== undefined && (
        <p class="quiet small">
          Beside <span class="mono">{base.tensor}</span>: ‖W‖₂ {numberText(base.spectralNorm)}, ‖W‖{" "}
          {numberText(base.frobeniusNorm)}
        </p>
      )}
      <div class="table-scroll directions" role="region" aria-label={`Directions of ${name}`} tabIndex={0}>
        <table class="numbers">
          <thead>
            <tr>
              {[
                "Direction",
                "σ",
                "Energy to here",
                ...(base === undefined ? [] : ["σ/‖W‖₂", "f", "σ/|f|"]),
              ].map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {singularValues.map((value, index) => {
              energy += value ** 2;
              return (
                <tr key={index}>
                  <th scope="row" class="number">
                    {index + 1}
                  </th>
                  <td class="number">{numberText(value)}</td>
                  <td class="number">
                    {percentText(frobenius === 0 ? 0 : Math.min(1, energy / frobenius ** 2))}
                  </td>
                  {base !== undefined && (
                    <>
                      <td class="number">{numberText(base.svalRatios[index])}</td>
                      <td class="number">{numberText(base.subspaceFactors[index])}</td>
                      <td class="number">{numberText(base.subspaceRatios[index])}</td>
                    </>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
