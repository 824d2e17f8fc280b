import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { RecipeLimit } from "./recipe-limit.tsx";
import { readRecipe } from "./recipe-text.ts";
import { RecipeWeights } from "./recipe-weights.tsx";

interface RecipePanelProps {
  readonly text: string;
  /** Of the file as it is, in MiB: where the slider for a size ends. */
  readonly mostMiB: number;
  readonly hasBase: boolean;
  readonly onText: (text: string) => void;
}

/** A recipe twice: as text, and as sliders that say the same. */
export function RecipePanel({ text, mostMiB, hasBase, onText }: RecipePanelProps): JSX.Element {
  const id = useId();
  const { settings, problem } = readRecipe(text);
  return (
    <div class="recipe">
      <label for={id}>Recipe</label>
      <input
        id={id}
        type="text"
        class="mono"
        spellcheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-problem`}
        value={text}
        onInput={({ currentTarget }) => onText(currentTarget.value)}
      />
      <p id={`${id}-problem`} class="small problem" role="status">
        {problem}
      </p>
      {settings !== undefined && (
        <>
          <RecipeWeights settings={settings} hasBase={hasBase} onText={onText} />
          <RecipeLimit settings={settings} mostMiB={mostMiB} onText={onText} />
        </>
      )}
    </div>
  );
}
