/** What values a field of a configuration may have. */
export interface FieldType {
  /** As in "r must be a whole number above 0". */
  readonly rule: string;
  fits(value: unknown): boolean;
  readonly nullable: boolean;
  /** A float in Python: 1 is written `1.0`. */
  readonly isFloat: boolean;
  /** What the entries of a mapping must be. */
  readonly entries?: FieldType;
}

function type(rule: string, fits: (value: unknown) => boolean): FieldType {
  return { rule, fits, nullable: false, isFloat: false };
}

export const wholeNumber: FieldType = type("a whole number", Number.isInteger);
export const aboveZero: FieldType = type(
  "a number above 0",
  (value) => Number.isFinite(value) && Number(value) > 0,
);
export const wholeAboveZero: FieldType = type(
  "a whole number above 0",
  (value) => wholeNumber.fits(value) && aboveZero.fits(value),
);
export const float: FieldType = { ...type("a number", Number.isFinite), isFloat: true };
export const probability: FieldType = {
  ...type(
    "a number from 0 to 1",
    (value) => Number.isFinite(value) && Number(value) >= 0 && Number(value) <= 1,
  ),
  isFloat: true,
};
export const flag: FieldType = type("true or false", (value) => typeof value === "boolean");
export const text: FieldType = type("a text", (value) => typeof value === "string");
export const object: FieldType = type("an object", isObject);
export const range: FieldType = type(
  "a pair [start, end] of whole numbers",
  (value) => Array.isArray(value) && value.length === 2 && value.every(wholeNumber.fits),
);

export function listOf(item: FieldType, plural: string): FieldType {
  return type(
    `a list of ${plural}`,
    (value) => Array.isArray(value) && value.every((entry) => item.fits(entry)),
  );
}

/** An object whose fields are all of one type. */
export function mappingTo(entries: FieldType): FieldType {
  return { ...object, entries };
}

export function oneOf(...texts: readonly string[]): FieldType {
  return type(`one of ${texts.join(", ")}`, (value) => texts.includes(value as string));
}

export function either(...types: readonly FieldType[]): FieldType {
  return type(types.map(({ rule }) => rule).join(" or "), (value) => types.some(({ fits }) => fits(value)));
}

export function orNull(other: FieldType): FieldType {
  return { ...other, nullable: true };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
