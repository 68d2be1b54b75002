/**
 * The helper's session: takes an event, returns the next state and what to do.
 *
 * Pure: no I/O and no clock; `now` comes with every event. Nothing reaches the sharer's machine
 * except through `act`, which asks for a granted role.
 */

import { VERSION } from "../protocol";
import type { EndReason, InputEvent, Role, ToClient } from "../protocol";
import { SILENCE, allUnheard, hearChat, say, sayAgain, unheard } from "./chat";
import { hear } from "./hear";
import { introduce, notIntroduced } from "./introduce";
import { agrees, carries, givesUp, isBroken, newLink, nonce, seeks, tickLink } from "./link";
import { failed, object, stepUp, wantedAgain, warn, withoutObjection } from "./rules";
import { giveUp, meeting, meets, over } from "./state";
import type { Effect, Event, State, Step, Time } from "./state";

/** Milliseconds after a decline in which its reason should have come. */
const WORD = 1000;

export function step(state: State, event: Event, now: Time): Step {
  switch (event.type) {
    case "signed_in":
      return state.at === "starting" || state.at === "signing_in"
        ? [{ at: "home" }, []]
        : [state, []];
    case "signed_out":
      return [{ at: "signing_in" }, goodbye(state, "helper_left")];
    case "start":
      return state.at === "home" || state.at === "ended"
        ? [{ at: "opening" }, [{ do: "connect" }]]
        : [state, []];
    case "ask":
      return ask(state, event.role);
    case "confirm":
      return [state, stepUp(state)];
    case "stepped_up":
      return steppedUp(state, now);
    case "step_up_failed":
      return [failed(state, event.why), []];
    case "select":
      return state.at === "watching"
        ? [state, [{ do: "tell_agent", message: { type: "select", display: event.display } }]]
        : [state, []];
    case "acted":
      return act(state, event.event, now);
    case "say":
      return say(state, event.text);
    case "say_again":
      return sayAgain(state);
    case "introduce":
      return introduce(state, event.code, event.stays);
    case "end":
      return end(state, "helper_ended");
    case "leave":
      return end(state, "helper_left");
    case "service":
      return serve(state, event.message, now);
    case "service_lost":
      return loseService(state);
    case "link_up":
      return linkUp(state, now);
    case "link_down":
      return meets(state)
        ? [{ ...state, link: { ...state.link, stage: "down" } }, []]
        : [state, []];
    case "carried":
      return meets(state) ? [{ ...state, link: carries(state.link, now) }, []] : [state, []];
    case "agent":
      return meets(state) ? hear(state, event.message, now) : [state, []];
    case "compared":
      return meets(state) ? [{ ...state, sas: event.digits ?? "failed" }, []] : [state, []];
    case "tick":
      return tick(state, now);
  }
}

/** Asks the sharer for more; a role below the one held is granted without a question. */
function ask(before: State, role: Role): Step {
  if (!meets(before) || !before.link.service) return [before, []];
  const state = withoutObjection(before);
  const request: Effect = { do: "tell_service", message: { type: "request", role } };
  if (state.at === "joined") return [{ ...state, at: "asking", role }, [request]];
  if (state.at !== "watching" || state.role === role || state.upgrade === "asked")
    return [state, []];
  if (role === "control") return [{ ...state, upgrade: "asked" }, [request]];
  const letGo: Effect = { do: "act", event: { kind: "release_all" } };
  return [{ ...state, role: "view" }, [letGo, request]];
}

/** The one way for input: with control granted, and while the agent carries it out. */
function act(state: State, event: InputEvent, now: Time): Step {
  if (state.at !== "watching" || state.role !== "control" || state.screen.paused)
    return [state, []];
  const effects: Effect[] = [{ do: "act", event }];
  if (!("at" in event)) return [state, effects];
  const cursor = { ...state.screen.cursor, others: false, moved: now };
  return [{ ...state, screen: { ...state.screen, cursor } }, effects];
}

function serve(state: State, message: ToClient, now: Time): Step {
  switch (message.type) {
    case "welcome":
      if (state.at !== "opening") return [state, []];
      if (message.version !== VERSION) return end(state, "version");
      return [state, [{ do: "make_code" }]];
    case "session":
      return state.at === "opening"
        ? [{ at: "waiting", code: message.code, until: now + message.expires_in * 1000 }, []]
        : [state, []];
    case "joined":
      return state.at === "waiting"
        ? [
            { at: "joined", peer: message.peer, link: newLink(now), chat: SILENCE },
            [{ do: "offer" }],
          ]
        : [state, []];
    case "answered":
      return answered(state, message.role, message.consent === "allow", now);
    case "negotiate":
      if (!meets(state)) return [state, []];
      if (message.step.kind === "answer") state = { ...state, link: agrees(state.link, now) };
      return [state, [{ do: "negotiate", step: message.step }]];
    case "ended":
      return meets(state) || state.at === "waiting" ? overFor(state, message.reason) : [state, []];
    case "peer_vanished":
      return meets(state)
        ? [{ ...state, link: { ...state.link, vanished: true } }, []]
        : [state, []];
    case "refused":
      return refused(state, message.refusal);
    case "denied":
    case "step_up":
      return object(state, message);
    case "relay":
      return meets(state) && (state.link.stage === "awaited" || seeks(state.link))
        ? [state, [{ do: "relay", server: message.server }]]
        : [state, []];
    case "terms":
      return warn(state, message);
    case "chat":
      return hearChat(state, message);
    case "background":
      return meets(state) ? [{ ...state, background: message.background }, []] : [state, []];
    case "recorded":
    case "requested":
    case "challenge":
    case "device":
    case "lowered":
    case "introduced":
      return [state, []];
  }
}

/** The end of a session; what the rules said just before tells why they do not allow it any more. */
function overFor(state: State, reason: EndReason): Step {
  const [ended, effects] = over(reason);
  const why = reason === "right_revoked" && "objection" in state ? state.objection : undefined;
  return [why ? ({ ...ended, objection: why } as State) : ended, effects];
}

/** What waited for the stronger sign-in goes on. */
function steppedUp(state: State, now: Time): Step {
  const wanted = wantedAgain(state);
  if (wanted === undefined) return [state, []];
  if (wanted === "chat") return sayAgain(meets(state) ? withoutObjection(state) : state);
  return wanted === "session" ? step(state, { type: "start" }, now) : ask(state, wanted);
}

function answered(state: State, role: Role, allowed: boolean, now: Time): Step {
  if (state.at === "asking" && state.role === role && state.declined === undefined) {
    if (!allowed) return [{ ...state, declined: now }, []];
    return [{ ...state, at: "connecting", link: { ...state.link, heard: now } }, []];
  }
  if (state.at === "watching" && state.upgrade === "asked" && role === "control" && !allowed) {
    return [{ ...state, upgrade: "declined" }, []];
  }
  return [state, []];
}

function refused(state: State, refusal: Extract<ToClient, { type: "refused" }>["refusal"]): Step {
  if (state.at === "opening" || state.at === "waiting") {
    return [{ at: "home", notice: refusal }, [{ do: "close" }]];
  }
  if (state.at === "asking") return [{ at: "joined", ...meeting(state) }, []];
  if (state.at !== "watching") return [state, []];
  if (refusal === "code_format") return [notIntroduced(state, "code"), []];
  if (refusal === "too_many_attempts") return [notIntroduced(state, "too_many"), []];
  if (state.upgrade === "asked") return [{ ...state, upgrade: "declined" }, []];
  return [{ ...state, chat: unheard(state.chat) }, []];
}

/** The link alone keeps a session that has been granted; nothing else survives the service. */
function loseService(state: State): Step {
  if (state.at === "opening") return [{ at: "home", notice: "unreachable" }, [{ do: "close" }]];
  if (state.at === "watching") {
    const upgrade = state.upgrade === "asked" ? "none" : state.upgrade;
    const chat = allUnheard(state.chat);
    return [{ ...state, upgrade, chat, link: { ...state.link, service: false } }, []];
  }
  return meets(state) || state.at === "waiting" ? over("connection_lost") : [state, []];
}

function linkUp(state: State, now: Time): Step {
  if (!meets(state)) return [state, []];
  const hello: Effect = { do: "tell_agent", message: { type: "hello", version: VERSION } };
  return [{ ...state, link: { ...state.link, stage: "up", heard: now } }, [hello]];
}

function tick(state: State, now: Time): Step {
  if (state.at === "waiting" && now >= state.until) {
    return [{ at: "home", notice: "expired" }, [{ do: "close" }]];
  }
  if (state.at === "asking" && state.declined !== undefined && now - state.declined >= WORD) {
    return over("declined");
  }
  if (!meets(state)) return [state, []];
  const link = tickLink(state.link, now);
  const reason = givesUp(link, state.at === "connecting" || state.at === "watching", now);
  if (reason !== undefined) return giveUp(reason);
  const effects: Effect[] = [];
  if (link.stage === "up")
    effects.push({ do: "tell_agent", message: { type: "ping", nonce: nonce(now) } });
  if (state.at !== "watching" || !isBroken(link, now)) return [{ ...state, link }, effects];
  effects.push({ do: "tell_service", message: { type: "relay" } });
  return [{ ...state, link: { ...link, sought: now } }, effects];
}

/** Ends it from this side. */
function end(state: State, reason: EndReason): Step {
  if (state.at === "opening" || state.at === "waiting") {
    return [
      reason === "version" ? { at: "ended", reason } : { at: "home" },
      goodbye(state, reason),
    ];
  }
  return meets(state) ? [{ at: "ended", reason }, goodbye(state, reason)] : [state, []];
}

/** Tells whoever is there, over both connections: the faster one wins. */
function goodbye(state: State, reason: EndReason): Effect[] {
  const effects: Effect[] = [];
  if (state.at === "watching" && state.role === "control") {
    effects.push({ do: "act", event: { kind: "release_all" } });
  }
  if (meets(state) && state.link.stage === "up")
    effects.push({ do: "tell_agent", message: { type: "bye", reason } });
  if (meets(state) || state.at === "waiting") {
    effects.push({ do: "tell_service", message: { type: "leave", reason } });
  }
  if (effects.length > 0 || state.at === "opening") effects.push({ do: "close" });
  return effects;
}
