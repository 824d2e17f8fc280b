/**
 * Whether text beyond ASCII can be shown: the first that is set of LC_ALL, LC_CTYPE and LANG decides. Containers and
 * Windows set none of them, and their terminals show Unicode.
 */
export function speaksUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find(
    (value) => value !== undefined && value !== "",
  );
  return locale === undefined || /utf-?8/i.test(locale);
}
