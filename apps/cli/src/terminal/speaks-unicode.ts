/** Whether the locale of an environment is a UTF-8 one: the first that is set of LC_ALL, LC_CTYPE and LANG decides. */
export function speaksUnicode(env: Readonly<Record<string, string | undefined>>, platform: string): boolean {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find(
    (value) => value !== undefined && value !== "",
  );
  if (locale !== undefined) return /utf-?8/i.test(locale);
  // Windows sets none of them, and its terminals show Unicode.
  return platform === "win32";
}
