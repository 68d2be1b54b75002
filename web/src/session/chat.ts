/**
 * What the two write to one another, as the page sees it (S-16).
 *
 * A message is in the thread once the service says so, with its place; until then it waits, and what is
 * refused is kept so that nobody has to write it again.
 */

import { LIMITS } from "../protocol";
import type { Client, ToClient } from "../protocol";
import { meets } from "./state";
import type { Effect, State, Step } from "./state";

export type Chat = {
  /** Whether the organisation lets the two write. */
  allowed: boolean;
  thread: readonly Line[];
  /** What was sent, and is not in the thread yet; the oldest first. */
  pending: readonly string[];
  /** What did not get there. */
  unsent: readonly string[];
};

export type Line = { place: number; from: Client; text: string };

/** Nobody has written anything. */
export const SILENCE: Chat = { allowed: true, thread: [], pending: [], unsent: [] };

/** Whether `text` is more than one message takes. */
export function isTooLong(text: string): boolean {
  return new TextEncoder().encode(text).length > LIMITS.CHAT_BYTES;
}

/** The helper writes; or writes again what did not get there. */
export function say(state: State, text: string): Step {
  if (state.at !== "watching" || text.trim() === "" || isTooLong(text)) return [state, []];
  const { chat } = state;
  const unsent = chat.unsent.filter((one) => one !== text);
  if (!state.link.service) return [{ ...state, chat: { ...chat, unsent: [...unsent, text] } }, []];
  const tell: Effect = { do: "tell_service", message: { type: "chat", text } };
  return [{ ...state, chat: { ...chat, unsent, pending: [...chat.pending, text] } }, [tell]];
}

/** A message has its place in the thread. */
export function hearChat(state: State, message: Extract<ToClient, { type: "chat" }>): Step {
  if (!meets(state)) return [state, []];
  const { place, from, text } = message;
  const { chat } = state;
  if (place !== chat.thread.length + 1) return [state, []];
  const pending = from === "helper" ? chat.pending.slice(1) : chat.pending;
  return [
    { ...state, chat: { ...chat, pending, thread: [...chat.thread, { place, from, text }] } },
    [],
  ];
}

/** The oldest message that was sent does not get there, if there is any. */
export function unheard(chat: Chat): Chat {
  const [text, ...pending] = chat.pending;
  return text === undefined ? chat : { ...chat, pending, unsent: [...chat.unsent, text] };
}

/** Nothing that was sent gets there any more. */
export function allUnheard(chat: Chat): Chat {
  return { ...chat, pending: [], unsent: [...chat.unsent, ...chat.pending] };
}

/** Sends again what did not get there, in order. */
export function sayAgain(state: State): Step {
  if (!meets(state)) return [state, []];
  let next: State = { ...state, chat: { ...state.chat, unsent: [] } };
  const effects: Effect[] = [];
  for (const text of state.chat.unsent) {
    const [then, more] = say(next, text);
    next = then;
    effects.push(...more);
  }
  return [next, effects];
}
