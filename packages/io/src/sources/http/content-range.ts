/** Which bytes a partial answer holds: `to` exclusive; the size of the file where it is told. */
export interface ContentRange {
  readonly from: number;
  readonly to: number;
  readonly total: number | undefined;
}

/** Reads `bytes 0-99/1000` of a `content-range`; undefined for everything else. RFC 9110 §14.4 */
export function contentRange(text: string | null): ContentRange | undefined {
  const found = /^bytes (\d+)-(\d+)\/(\d+|\*)$/u.exec(text ?? "");
  if (found === null) return undefined;
  const [from, last] = [Number(found[1]), Number(found[2])];
  const total = found[3] === "*" ? undefined : Number(found[3]);
  if (last < from || (total !== undefined && last >= total) || !Number.isSafeInteger(total ?? last))
    return undefined;
  return { from, to: last + 1, total };
}

/** The size in `bytes *\/1000`, which goes with 416. */
export function unsatisfiedSize(text: string | null): number | undefined {
  const size = /^bytes \*\/(\d+)$/u.exec(text ?? "")?.[1];
  return size === undefined ? undefined : Number(size);
}
