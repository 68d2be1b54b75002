/**
 * Reads what the organisation's rules say. Codes that this version does not know become those that
 * mean "something else", so that a newer service is never misread as silent.
 */

import { LIMITS } from "../protocol";
import type {
  Action,
  FixCode,
  Reason,
  ReasonCode,
  Unrecognised,
  WarningCode,
  Who,
} from "../protocol";
import type { Fix, Warning } from "../protocol";
import { fields, flag, list, maybe, text, u32 } from "./check";

const ACTIONS: Record<Action, true> = {
  make_code: true,
  join: true,
  view: true,
  control: true,
  upgrade: true,
  chat: true,
  other: true,
};

export const REASONS: Record<ReasonCode, true> = {
  other_tenant: true,
  tenant_disabled: true,
  suspended: true,
  permission_missing: true,
  out_of_scope: true,
  sharer_unknown: true,
  unenrolled: true,
  enrolment_unknown: true,
  chat_blocked: true,
  browser_view_only: true,
  unsupported_on_platform: true,
  other: true,
};

export const FIXES: Record<FixCode, true> = {
  sign_in_here: true,
  sharer_sign_in_here: true,
  share_our_device: true,
  switch_on: true,
  lift_suspension: true,
  grant: true,
  add_to_scope: true,
  add_person_to_scope: true,
  enrol: true,
  allow_unenrolled: true,
  install_single_sign_on: true,
  register_device: true,
  sign_in_to_edge: true,
  update_browser: true,
  share_with_agent: true,
  join: true,
  unblock_chat: true,
  try_again: true,
  other: true,
};

export const UNRECOGNISED: Record<Unrecognised, true> = {
  single_sign_on_missing: true,
  not_in_portal: true,
  no_user_affinity: true,
  edge_without_profile: true,
  browser_outdated: true,
  directory_unavailable: true,
  nothing_presented: true,
};

export const WARNINGS: Record<WarningCode, true> = {
  not_compliant: true,
  in_grace_period: true,
  unenrolled: true,
  enrolment_unknown: true,
  record_stale: true,
  device_unverified: true,
  other_device: true,
  other: true,
};

const WHO: Record<Who, true> = { helper: true, sharer: true, administrator: true };

const fix = fields({ code: text, who: text, permission: maybe(text), setting: maybe(text) });
const reason = fields({ code: text, why: maybe(text), fixes: list(fix, LIMITS.LIST) });
const warning = fields({ code: text, why: maybe(text), seconds: maybe(u32) });

export const denied = fields({ action: text, reasons: list(reason, LIMITS.LIST) });
export const stepUp = fields({ action: text, context: text });
export const terms = fields({ warnings: list(warning, LIMITS.LIST), chat: flag });

/** `message`, which passed one of the checks above, with every code one that is known. */
export function knownRules(message: Record<string, unknown>): Record<string, unknown> {
  const action = known(message["action"] as Action, ACTIONS, "other");
  switch (message["type"]) {
    case "denied":
      return { ...message, action, reasons: (message["reasons"] as Reason[]).map(knownReason) };
    case "step_up":
      return { ...message, action };
    case "terms":
      return { ...message, warnings: (message["warnings"] as Warning[]).map(knownWarning) };
    default:
      return message;
  }
}

function knownReason(reason: Reason): Reason {
  const code = known(reason.code, REASONS, "other");
  return { ...reason, code, why: knownWhy(reason.why), fixes: reason.fixes.map(knownFix) };
}

function knownFix(fix: Fix): Fix {
  const who = known(fix.who, WHO, "administrator");
  return { ...fix, code: known(fix.code, FIXES, "other"), who };
}

function knownWarning(warning: Warning): Warning {
  return { ...warning, code: known(warning.code, WARNINGS, "other"), why: knownWhy(warning.why) };
}

function knownWhy(why: Unrecognised | null | undefined): Unrecognised | null {
  return why ? known(why, UNRECOGNISED, "nothing_presented") : null;
}

function known<Word extends string>(word: Word, words: Record<Word, true>, other: Word): Word {
  return Object.hasOwn(words, word) ? word : other;
}
