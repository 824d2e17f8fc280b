import type { AdapterModule, Magnitude } from "../adapter.ts";
import { kindById } from "../kind-of.ts";
import type { MagnitudeForm } from "../writers/_writer.ts";
import type { PlannedModule, Slot } from "./plan-conversion.ts";

/** The magnitudes of DoRA that a new module has from old ones, as they are. */
export interface CarriedMagnitudes {
  readonly axis: Magnitude["axis"];
  readonly parts: readonly CarriedPart[];
}

/** Magnitudes of one old module: of those rows of it, or of all inputs. */
export interface CarriedPart {
  readonly magnitude: Magnitude;
  readonly rows: Int32Array | undefined;
  readonly at: number;
}

/**
 * The plan with magnitudes carried over wherever the new dialect has a place for them: exact, whatever the base. A module of
 * several needs those of all its rows; norms of inputs go over all rows, so that they are lost where rows part.
 */
export function withCarriedMagnitudes(
  modules: readonly PlannedModule[],
  form: MagnitudeForm | undefined,
): readonly PlannedModule[] {
  if (form === undefined) return modules;
  const carried = modules.map((planned) => carriedBy(planned, form));
  if (form.onEvery && carried.includes(undefined)) return modules;
  const bare = new Map<AdapterModule, AdapterModule>();
  return modules.map((planned, index) => {
    const magnitudes = carried[index];
    if (magnitudes === undefined) return planned;
    return { ...planned, magnitudes, slots: planned.slots.map((slot) => withoutMagnitude(slot, bare)) };
  });
}

function carriedBy({ slots, shape }: PlannedModule, form: MagnitudeForm): CarriedMagnitudes | undefined {
  const axis = slots[0]!.module.magnitude?.axis;
  const parts = slots.flatMap(({ module, rows, at }): CarriedPart[] =>
    module.magnitude?.axis !== axis || module.magnitude === undefined || kindById(module.kind).needsBase
      ? []
      : [{ magnitude: module.magnitude, rows: axis === "out" ? rows : undefined, at }],
  );
  if (axis === undefined || parts.length < slots.length) return undefined;
  const isWhole = slots.reduce((sum, { rows }) => sum + rows.length, 0) === shape[0];
  const [only] = slots;
  const isOne = slots.length === 1 && only!.rows.length === only!.module.shape[0];
  return isWhole && (axis === "out" || (form.perInput && isOne)) ? { axis, parts } : undefined;
}

/** One module stays one, however many slots have rows of it. */
function withoutMagnitude(slot: Slot, bare: Map<AdapterModule, AdapterModule>): Slot {
  const module = bare.get(slot.module) ?? { ...slot.module, magnitude: undefined };
  bare.set(slot.module, module);
  return { ...slot, module };
}
