/** What the organisation's rules say of the session, and what the page makes of it. */

import type { Reason, Role, ToClient, Warning } from "../protocol";
import { unheard } from "./chat";
import { meeting, meets } from "./state";
import type { Effect, State, Step } from "./state";

/** Why the last thing that was wanted is not allowed; or not yet, without a stronger sign-in. */
export type Objection =
  | { kind: "denied"; action: Said["action"]; reasons: readonly Reason[] }
  | {
      kind: "step_up";
      action: Said["action"];
      context: string;
      /** Why it was not made when it was tried. */
      failed?: "refused" | "blocked";
    };

/** What the rules say in a state; nothing if they have nothing to say. */
export type Ruled = { objection?: Objection };

/** What is known of the sharer's device, to be told while the session lasts. */
export type Warned = { warnings?: readonly Warning[] };

type Said = Extract<ToClient, { type: "denied" | "step_up" }>;

/** The rules do not allow something: what was under way falls back to what is left. */
export function object(state: State, message: Said): Step {
  const { type: kind, ...said } = message;
  const objection = { kind, ...said } as Objection;
  switch (state.at) {
    case "opening":
      return [{ at: "home", objection }, [{ do: "close" }]];
    case "asking":
      return [{ at: "joined", ...meeting(state), objection }, []];
    case "watching": {
      if (said.action === "chat") return [{ ...state, chat: unheard(state.chat), objection }, []];
      const upgrade = state.upgrade === "asked" ? "none" : state.upgrade;
      return [{ ...state, upgrade, objection }, []];
    }
    case "waiting":
      // The code that was made is void.
      return said.action === "make_code"
        ? [{ at: "home", objection }, [{ do: "close" }]]
        : [{ ...state, objection }, []];
    case "joined":
    case "connecting":
      return [{ ...state, objection }, []];
    case "starting":
    case "signing_in":
    case "home":
    case "ended":
      return [state, []];
  }
}

/** What the rules say of the sharer's device, and whether the two may write to one another. */
export function warn(state: State, terms: Extract<ToClient, { type: "terms" }>): Step {
  if (!meets(state)) return [state, []];
  const { warnings, chat: allowed } = terms;
  return [{ ...state, warnings, chat: { ...state.chat, allowed } }, []];
}

/** The same state after the helper turned to something else. */
export function withoutObjection<S extends State & Ruled>(state: S): S {
  const { objection: _, ...rest } = state;
  return rest as S;
}

/** Asks for the stronger sign-in that is wanted. */
export function stepUp(state: State): Effect[] {
  const wanted = "objection" in state ? state.objection : undefined;
  return wanted?.kind === "step_up" ? [{ do: "step_up", context: wanted.context }] : [];
}

/** The stronger sign-in that is wanted was not made; it may be tried again. */
export function failed<S extends State>(state: S, why: "refused" | "blocked"): S {
  const wanted = "objection" in state ? state.objection : undefined;
  return wanted?.kind === "step_up" ? { ...state, objection: { ...wanted, failed: why } } : state;
}

/** What was wanted before the stronger sign-in: a role, a new session, or to write. */
export function wantedAgain(state: State): Role | "session" | "chat" | undefined {
  const wanted = "objection" in state ? state.objection : undefined;
  if (wanted?.kind !== "step_up") return undefined;
  switch (wanted.action) {
    case "make_code":
      return "session";
    case "view":
      return "view";
    case "control":
    case "upgrade":
      return "control";
    case "chat":
      return "chat";
    case "join":
    case "other":
      return undefined;
  }
}
