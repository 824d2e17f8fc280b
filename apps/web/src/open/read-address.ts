/** What someone typed to name a checkpoint elsewhere. */
export type Address =
  | { readonly kind: "url"; readonly url: string; readonly name: string }
  | {
      readonly kind: "hub";
      readonly repository: string;
      readonly revision: string;
      readonly path: string | undefined;
    };

const HUB = "https://huggingface.co";
const PART = "[A-Za-z0-9][\\w.-]*";
const HUB_PAGE = new RegExp(
  `^${HUB}/(${PART}/${PART})(?:/(?:blob|resolve|tree)/([^/?#]+)(?:/([^?#]+))?)?/?(?:[?#].*)?$`,
  "u",
);
const HUB_ID = new RegExp(`^(?:hf://)?(${PART}/${PART})(?:@([^/]+))?(?:/(.+))?$`, "u");

/** Understands `owner/name`, `owner/name/file`, `hf://owner/name@revision/file`, pages of the hub and plain addresses. */
export function readAddress(text: string): Address | undefined {
  const trimmed = text.trim();
  const page = HUB_PAGE.exec(trimmed) ?? (/^https?:/u.test(trimmed) ? null : HUB_ID.exec(trimmed));
  if (page !== null) {
    const [, repository = "", revision = "main", path] = page;
    return { kind: "hub", repository, revision, path };
  }
  if (!URL.canParse(trimmed) || !/^https?:/u.test(trimmed)) return undefined;
  return { kind: "url", url: trimmed, name: new URL(trimmed).pathname.split("/").at(-1) || trimmed };
}
