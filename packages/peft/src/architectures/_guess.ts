import type { Clues } from "./_architecture.ts";
import { architectures } from "./_index.ts";

/** Less than this is no more than a hint. */
const LEAST_SCORE = 0.3;

/** Id of the architecture that an adapter is most likely for; `unknown` where nothing tells. */
export function guessArchitecture(modules: Clues["modules"], metadata: Clues["metadata"]): string {
  const scores = architectures.map(({ id, score }) => ({ id, score: score({ modules, metadata }) }));
  const [best] = scores.sort((a, b) => b.score - a.score);
  return best !== undefined && best.score >= LEAST_SCORE ? best.id : "unknown";
}
