/** A value of every module, and how it is said. */
export interface HeatValues {
  readonly title: string;
  /** By module; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly text: (value: number | null) => string;
}
