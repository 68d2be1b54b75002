/** Copies `text`; whether that worked, which the browser or its user may not let it. */
export function copy(text: string): Promise<boolean> {
  // Where there is no clipboard at all, reading it throws.
  return Promise.resolve()
    .then(() => navigator.clipboard.writeText(text))
    .then(
      () => true,
      () => false,
    );
}
