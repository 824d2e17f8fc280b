import "./what-if.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAppState } from "../app/use-app.ts";
import type { ReportProps } from "../report-props.ts";
import { commandLine } from "./command-line.ts";
import { RankFigure } from "./rank-figure.tsx";
import { readRecipe, readsBase } from "./recipe-text.ts";
import { Result } from "./result.tsx";
import { RulePanel } from "./rule-panel.tsx";
import { INITIAL, type Settings, valuesOf } from "./settings.ts";
import { usePreview } from "./use-preview.ts";
import { useQuestion } from "./use-question.ts";

const MIB = 2 ** 20;

/** What a smaller file would keep, while the sliders move. */
export function WhatIf({ inspect, analysis, selected, onSelect, onAct }: ReportProps): JSX.Element {
  const [settings, setSettings] = useState<Settings>(INITIAL);
  const base = useAppState((state) => state.files.find(({ id }) => id === state.base));
  const recipe = settings.rule === "recipe" ? readRecipe(settings.recipe) : undefined;
  const readable = recipe?.problem === undefined;
  const state = usePreview(useQuestion(settings, analysis !== undefined && readable));
  const { preview } = state;
  const bytes = inspect.file.bytes ?? 0;
  const against = recipe?.settings !== undefined && readsBase(recipe.settings) ? base?.name : undefined;
  const command = readable ? commandLine(settings, { file: inspect.file.name, base: against }) : undefined;
  const take = (): void => onAct("resize", valuesOf(settings));
  return (
    <div class="what-if">
      <RulePanel
        settings={settings}
        mostRank={inspect.modules.reduce((most, { rank }) => Math.max(most, rank), 1)}
        mostMiB={bytes / MIB}
        hasBase={base !== undefined}
        onChange={(change) => setSettings({ ...settings, ...change })}
      />
      <Result {...state} bytesBefore={bytes} command={command} onTake={take} />
      {preview !== undefined && (
        <div class="what-where">
          <RankFigure inspect={inspect} preview={preview} selected={selected} onSelect={onSelect} />
        </div>
      )}
    </div>
  );
}
