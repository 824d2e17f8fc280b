import type { AdapterModule } from "../adapter.ts";
import { canonicalPath } from "../pairing/canonical-target.ts";
import type { Clues } from "./_architecture.ts";
import { architectures } from "./_index.ts";

/** Less than this is no more than a hint. */
const LEAST_SCORE = 0.3;

/** Id of the architecture that an adapter is most likely for; `unknown` where nothing tells. */
export function guessArchitecture(modules: readonly AdapterModule[], metadata: Clues["metadata"]): string {
  const placed = modules.map(({ component, path, shape }) => ({
    component,
    path: canonicalPath(component, path),
    shape,
  }));
  const scores = architectures.map(({ id, score }) => ({ id, score: score({ modules: placed, metadata }) }));
  const [best] = scores.sort((a, b) => b.score - a.score);
  return best !== undefined && best.score >= LEAST_SCORE ? best.id : "unknown";
}
