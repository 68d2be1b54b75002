/** How a person is shown. */

/** The first letters of the first and the last name; "?" without a name. */
export function initials(name: string | null | undefined): string {
  const words = (name ?? "").split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  const letters = ends.map((word) => Array.from(word ?? "")[0]?.toLocaleUpperCase() ?? "");
  return letters.join("") || "?";
}

/** `path` if it is one on the page's own origin. */
export function ownPath(path: string | null | undefined): string | undefined {
  return path && /^\/(?![/\\])[^\\]*$/.test(path) ? path : undefined;
}
