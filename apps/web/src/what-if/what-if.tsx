import "./what-if.css";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useAppState } from "../app/use-app.ts";
import type { ReportProps } from "../report-props.ts";
import { FailureNote } from "../shell/failure-note.tsx";
import { CommandBox } from "./command-box.tsx";
import { commandLine } from "./command-line.ts";
import { Outcome } from "./outcome.tsx";
import { RankFigure } from "./rank-figure.tsx";
import { readRecipe, readsBase } from "./recipe-text.ts";
import { RulePanel } from "./rule-panel.tsx";
import { flagsOf, INITIAL, type Settings, valuesOf } from "./settings.ts";
import { usePreview } from "./use-preview.ts";

const MIB = 2 ** 20;

/** What a smaller file would keep, while the sliders move. */
export function WhatIf({ inspect, analysis, selected, onSelect, onAct }: ReportProps): JSX.Element {
  const [settings, setSettings] = useState<Settings>(INITIAL);
  const file = useAppState(({ shown }) => shown);
  const base = useAppState((state) => state.files.find(({ id }) => id === state.base));
  const recipe = settings.rule === "recipe" ? readRecipe(settings.recipe) : undefined;
  const unreadable = recipe?.problem !== undefined;
  // Measured files first: the decomposition of the first question would wait for the same workers.
  const ready = file !== undefined && analysis !== undefined && !unreadable;
  const baseId = base?.id;
  const question = useMemo(
    () =>
      ready
        ? { file, base: baseId, flags: flagsOf(settings), dtype: settings.dtype || undefined }
        : undefined,
    [ready, file, baseId, settings],
  );
  const { preview, failure, progress } = usePreview(question);
  const bytesBefore = inspect.file.bytes ?? 0;
  const againstBase = recipe?.settings !== undefined && readsBase(recipe.settings) ? base?.name : undefined;
  return (
    <div class="what-if">
      <RulePanel
        settings={settings}
        mostRank={inspect.modules.reduce((most, { rank }) => Math.max(most, rank), 1)}
        mostMiB={bytesBefore / MIB}
        hasBase={base !== undefined}
        onChange={(change) => setSettings({ ...settings, ...change })}
      />
      <div class="what-then">
        {failure !== undefined && <FailureNote failure={failure} />}
        {preview === undefined && failure === undefined && (
          <p class="quiet">
            {progress
              ? `Decomposing ${progress.done} of ${progress.total}`
              : "Known when every module is measured."}
          </p>
        )}
        {preview !== undefined && (
          <>
            <Outcome preview={preview} bytesBefore={bytesBefore} />
            <button
              type="button"
              class="primary"
              disabled={unreadable}
              onClick={() => onAct("resize", valuesOf(settings))}
            >
              Take it home
            </button>
          </>
        )}
        {!unreadable && (
          <CommandBox command={commandLine(settings, { file: inspect.file.name, base: againstBase })} />
        )}
      </div>
      {preview !== undefined && (
        <div class="what-where">
          <RankFigure inspect={inspect} preview={preview} selected={selected} onSelect={onSelect} />
        </div>
      )}
    </div>
  );
}
