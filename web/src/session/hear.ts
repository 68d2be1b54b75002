/** What the agent says over the link, and what the page makes of it. */

import { VERSION } from "../protocol";
import type { ToHelper } from "../protocol";
import { hearIntroduction } from "./introduce";
import { roundTrip } from "./link";
import { giveUp, meeting, over } from "./state";
import type { Met, Screen, Step, Time } from "./state";

/** A cursor that moves this long after the helper's last move was moved by somebody else. */
const OWN_MOVE = 400;

/** A message from the agent; every one also tells that the agent is alive. */
export function hear(before: Met, message: ToHelper, now: Time): Step {
  const state = { ...before, link: { ...before.link, heard: now } };
  switch (message.type) {
    case "hello":
      return message.version === VERSION ? [state, []] : giveUp("version");
    case "pong": {
      const trip = roundTrip(message.nonce, now);
      return trip === undefined
        ? [state, []]
        : [{ ...state, link: { ...state.link, roundTrip: trip } }, []];
    }
    case "sas_commitment":
    case "sas_nonce":
      return [state, []];
    case "granted":
      return granted(state, message.role);
    case "introduction":
      return hearIntroduction(state, message);
    case "ended":
      return over(message.reason);
    case "displays":
    case "cursor_shape":
    case "cursor_at":
    case "input_paused":
    case "desktop":
    case "path":
      return state.at === "watching"
        ? [{ ...state, screen: show(state.screen, message, now) }, []]
        : [state, []];
  }
}

/** Whatever was asked for, what the agent grants is what is held; never more than was asked for. */
function granted(state: Met, role: "view" | "control"): Step {
  if (state.at === "joined") return [state, []];
  if (state.at === "watching") {
    const wanted = role === "view" || state.role === "control" || state.upgrade === "asked";
    const upgrade = role === "control" ? "none" : state.upgrade;
    return wanted ? [{ ...state, role, upgrade }, []] : [state, []];
  }
  if (role === "control" && state.role === "view") return [state, []];
  if (state.at === "asking" && state.declined !== undefined) return [state, []];
  const known = meeting(state);
  return [{ at: "watching", role, upgrade: "none", screen: BLANK, ...known }, []];
}

/** A screen of which nothing is known yet. */
export const BLANK: Screen = {
  displays: [],
  paused: false,
  desktop: "active",
  cursor: { hotX: 0, hotY: 0, at: null, others: false, moved: -Infinity },
};

type About = Extract<
  ToHelper,
  { type: "displays" | "cursor_shape" | "cursor_at" | "input_paused" | "desktop" | "path" }
>;

function show(screen: Screen, message: About, now: Time): Screen {
  const { cursor } = screen;
  switch (message.type) {
    case "displays":
      return { ...screen, displays: message.displays, current: message.current };
    case "cursor_shape":
      return {
        ...screen,
        cursor: { ...cursor, png: message.png, hotX: message.hot_x, hotY: message.hot_y },
      };
    case "cursor_at":
      return {
        ...screen,
        cursor: { ...cursor, at: message.at ?? null, others: now - cursor.moved > OWN_MOVE },
      };
    case "input_paused":
      return { ...screen, paused: message.paused };
    case "desktop":
      return { ...screen, desktop: message.state };
    case "path":
      return { ...screen, path: message.why };
  }
}
