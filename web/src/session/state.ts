/** What the helper's page can be doing, what happens to it, and what it then does. */

import type {
  Background,
  DesktopState,
  Display,
  DisplayId,
  EndReason,
  FromClient,
  FromHelper,
  IceServer,
  IdentityCard,
  InputEvent,
  Negotiation,
  PathReason,
  Point,
  Refusal,
  Role,
  ToClient,
  ToHelper,
} from "../protocol";
import type { Chat } from "./chat";
import type { Introducing } from "./introduce";
import type { Ruled, Warned } from "./rules";

/** Milliseconds on a clock that only goes forward (`performance.now()`). */
export type Time = number;

/** Why there is no session, as the home view tells. */
export type Notice = Refusal | "expired" | "unreachable";

export type State =
  /** Does not know yet who is at the page. */
  | { at: "starting" }
  | { at: "signing_in" }
  | ({ at: "home"; notice?: Notice } & Ruled)
  /** Waits for the service to give a code. */
  | { at: "opening" }
  | ({ at: "waiting"; code: string; until: Time } & Ruled)
  | ({ at: "joined" } & Meeting)
  /** A decline ends the session; the reason, which may be that nobody answered, comes after it. */
  | ({ at: "asking"; role: Role; declined?: Time } & Meeting)
  /** Allowed; waits for the link and the grant over it. */
  | ({ at: "connecting"; role: Role } & Meeting)
  | ({
      at: "watching";
      role: Role;
      upgrade: Upgrade;
      screen: Screen;
      introducing?: Introducing;
    } & Meeting)
  | ({ at: "ended"; reason: EndReason } & Ruled);

/** What is known once a sharer has joined. */
export type Meeting = {
  peer: IdentityCard;
  link: Link;
  chat: Chat;
  /** Six digits that the sharer sees too, unless somebody stands between; or `failed`. */
  sas?: string;
  /** What there is to know of the sharer beside the card. */
  background?: Background;
} & Ruled &
  Warned;

/** The two connections to the sharer's agent: the link itself, and the service between. */
export type Link = {
  /** Whether the data channel is open, or is closed for good. */
  stage: "awaited" | "up" | "down";
  /** When the agent was last heard over the link; at first, when it joined. */
  heard: Time;
  /** When bytes of any kind were last seen to have arrived. */
  carried?: Time;
  /** When another path was last sought, since this one was silent. */
  sought?: Time;
  /** When the agent last agreed to that. */
  agreed?: Time;
  /** When the clock last ticked here. */
  ticked: Time;
  /** Milliseconds to the agent and back. */
  roundTrip?: number;
  /** Whether the agent's WebSocket broke. */
  vanished: boolean;
  /** Whether this page's own WebSocket is there. */
  service: boolean;
};

/** Whether the helper has asked for control while viewing. */
export type Upgrade = "none" | "asked" | "declined";

export type Screen = {
  displays: readonly Display[];
  current?: DisplayId;
  /** Whether the agent carries out no input for now. */
  paused: boolean;
  /** What the sharer's desktop is doing. */
  desktop: DesktopState;
  /** Why the picture takes the path that it takes. */
  path?: PathReason;
  cursor: Cursor;
};

export type Cursor = {
  /** PNG in base64; empty if the cursor is hidden, absent if not known yet. */
  png?: string;
  hotX: number;
  hotY: number;
  /** Where it is, if it is on the display that is shown. */
  at: Point | null;
  /** Whether somebody else than this helper moved it there. */
  others: boolean;
  /** When this helper last moved it. */
  moved: Time;
};

export type Event =
  | { type: "signed_in" }
  | { type: "signed_out" }
  /** Wants a new session. */
  | { type: "start" }
  /** Asks for a role, or gives control back. */
  | { type: "ask"; role: Role }
  /** Wants to sign in more strongly, as an action asked for; and has. */
  | { type: "confirm" }
  | { type: "stepped_up" }
  /** Has not; or the browser opened no window for it. */
  | { type: "step_up_failed"; why: "refused" | "blocked" }
  | { type: "select"; display: DisplayId }
  | { type: "acted"; event: InputEvent }
  /** Writes to the sharer; or sends again what did not get there. */
  | { type: "say"; text: string }
  | { type: "say_again" }
  /** Brings the colleague who made this code, and stays or hands over. */
  | { type: "introduce"; code: string; stays: boolean }
  /** Wants it to end. */
  | { type: "end" }
  /** The page goes away. */
  | { type: "leave" }
  | { type: "service"; message: ToClient }
  | { type: "service_lost" }
  | { type: "link_up" }
  /** Bytes have arrived since the last look. */
  | { type: "carried" }
  | { type: "link_down" }
  | { type: "agent"; message: ToHelper }
  /** The digits that both sides see are made; or cannot be. */
  | { type: "compared"; digits: string | undefined }
  /** Comes at least twice a second. */
  | { type: "tick" };

export type Effect =
  /** Connects to the service. */
  | { do: "connect" }
  /** Asks the service for a code. */
  | { do: "make_code" }
  | { do: "tell_service"; message: FromClient }
  /** Makes a peer connection and its offer. */
  | { do: "offer" }
  | { do: "negotiate"; step: Negotiation }
  /** Has the link use a relay: if it finds no direct path soon, or at once if its path broke. */
  | { do: "relay"; server: IceServer }
  | { do: "tell_agent"; message: FromHelper }
  | { do: "act"; event: InputEvent }
  /** Signs in more strongly; comes back with `stepped_up`. */
  | { do: "step_up"; context: string }
  /** Closes both connections, after what was told. */
  | { do: "close" };

/** The next state, and what to do, in order. */
export type Step = [State, Effect[]];

/** The states in which a sharer is on the other side. */
export type Met = Extract<State, Meeting>;

/** What a sharer's side of a state is, apart from what is being done there. */
export function meeting({ peer, link, chat, sas, warnings, background }: Met): Meeting {
  return {
    peer,
    link,
    chat,
    ...(sas && { sas }),
    ...(warnings && { warnings }),
    ...(background && { background }),
  };
}

export function meets(state: State): state is Met {
  return "peer" in state;
}

/** It is over by circumstance; the service passes the reason on to the sharer. */
export function giveUp(reason: EndReason): Step {
  const leave: Effect = { do: "tell_service", message: { type: "leave", reason } };
  return [{ at: "ended", reason }, [leave, { do: "close" }]];
}

/** It is over, as the other side or the service says. */
export function over(reason: EndReason): Step {
  return [{ at: "ended", reason }, [{ do: "close" }]];
}
