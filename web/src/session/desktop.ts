/** Why the sharer's desktop keeps picture or input back (B-11). */

import { t } from "../text";
import type { State } from "./state";

/** The reason to tell; nothing while the desktop keeps back nothing that this helper would have. */
export function paused(state: Extract<State, { at: "watching" }>): string | undefined {
  const { desktop } = state.screen;
  if (desktop === "active") return undefined;
  if (desktop === "secure_input" && state.role === "view") return undefined;
  return t(`desktop-${desktop}`);
}
