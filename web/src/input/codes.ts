/** The keys that the wire knows, by W3C `KeyboardEvent.code`. */

import { KEYS } from "../protocol";
import type { Key } from "../protocol";

const known: ReadonlySet<string> = new Set(KEYS);

/** `code` as a key of the wire; `undefined` for one that it does not know. */
export function keyOf(code: string): Key | undefined {
  return known.has(code) ? (code as Key) : undefined;
}
