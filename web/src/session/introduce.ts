/**
 * A colleague whom the helper brings to the sharer, beside the helper or in the helper's place (B-20).
 *
 * The page gives the colleague's code to the service, which gives it to the sharer's agent; from then on the
 * agent tells what becomes of it.
 */

import type { Introduction, ToHelper } from "../protocol";
import type { Effect, Met, State, Step } from "./state";

export type Introducing = {
  /** Whether the helper stays, or else leaves once the colleague is allowed something. */
  stays: boolean;
  /** What became of it; or it was sent, or the service lets nobody be brought any more. */
  stage: Introduction | "sent" | "too_many";
};

/** Eight digits of any script, which may be in groups. */
export function isCode(text: string): boolean {
  return /^(\s*\p{Nd}){8}\s*$/u.test(text);
}

/** Whether another colleague can be brought now. */
export function canIntroduce(introducing: Introducing | undefined): boolean {
  return introducing === undefined || !["sent", "arrived"].includes(introducing.stage);
}

/** Brings the colleague who made this code. */
export function introduce(state: State, code: string, stays: boolean): Step {
  if (state.at !== "watching" || !state.link.service || !isCode(code)) return [state, []];
  if (!canIntroduce(state.introducing)) return [state, []];
  const tell: Effect = { do: "tell_service", message: { type: "introduce", code, stays } };
  return [{ ...state, introducing: { stays, stage: "sent" } }, [tell]];
}

/** What the agent says of the colleague. */
export function hearIntroduction(
  state: Met,
  { state: stage }: Extract<ToHelper, { type: "introduction" }>,
): Step {
  if (state.at !== "watching" || state.introducing === undefined) return [state, []];
  return [{ ...state, introducing: { ...state.introducing, stage } }, []];
}

/** The service did not pass the code on, if one was just sent. */
export function notIntroduced<S extends Extract<State, { at: "watching" }>>(
  state: S,
  stage: "code" | "too_many",
): S {
  const { introducing } = state;
  return introducing?.stage === "sent"
    ? { ...state, introducing: { ...introducing, stage } }
    : state;
}
