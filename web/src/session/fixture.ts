/** What the tests of the session begin with. */

import type { ToClient } from "../protocol";
import { SILENCE } from "./chat";
import { BLANK } from "./hear";
import { newLink } from "./link";
import type { Event, State } from "./state";

export const PEER = {
  full_name: "Sam",
  job_title: null,
  company: null,
  picture: null,
  verified_domain: null,
};

/** What there is of a session once the sharer has joined. */
export const MET = { peer: PEER, link: newLink(0), chat: SILENCE };

export const WATCHING: Extract<State, { at: "watching" }> = {
  at: "watching",
  role: "view",
  upgrade: "none",
  screen: BLANK,
  ...MET,
};

export const service = (message: ToClient): Event => ({ type: "service", message });
