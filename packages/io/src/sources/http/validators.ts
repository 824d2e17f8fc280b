/** By what a server tells one state of a file from another. */
export interface Validators {
  /** What the hub calls the content, whatever serves it. */
  readonly linked: string | undefined;
  readonly etag: string | undefined;
  readonly modified: string | undefined;
}

/** The validators of a response. */
export function validatorsOf({ headers }: Response, linked: string | undefined): Validators {
  return {
    linked: linked ?? headers.get("x-linked-etag") ?? undefined,
    etag: headers.get("etag") ?? undefined,
    modified: headers.get("last-modified") ?? undefined,
  };
}

/** Whether a later answer is of the same state. A tag that only one of them has does not count as the same. */
export function sameState(first: Validators, later: Validators): boolean {
  if (first.linked !== undefined && later.linked !== undefined) return first.linked === later.linked;
  if (first.etag !== later.etag) return false;
  return first.etag !== undefined || first.modified === later.modified;
}

/** Whether `If-Match` may be asked for: weak tags never match. RFC 9110 §8.8.3.2 */
export function isStrong(etag: string | undefined): etag is string {
  return etag !== undefined && !etag.startsWith("W/");
}
