/** The organisation's rules in sentences. */

import type { Fix, Reason, Warning } from "../protocol";
import { t } from "../text";

export function reasonText(reason: Reason): string {
  if (reason.code === "enrolment_unknown" && reason.why) return t(`why-${reason.why}`);
  return t(`rule-${reason.code}`);
}

/** Who has to do what, with the name that an administrator looks for. */
export function fixText(fix: Fix): string {
  const what = t(`fix-${fix.code}`);
  const name = fix.permission ?? fix.setting;
  return t(`who-${fix.who}`, {}) + " " + (name ? t("fix-named", { what, name }) : what);
}

export function warningText(warning: Warning): string {
  if (warning.code === "enrolment_unknown" && warning.why)
    return `${t(`why-${warning.why}`)} ${t("no-admin-password")}`;
  if (warning.code === "record_stale" && warning.seconds)
    return t("warning-record_stale-since", { hours: Math.floor(warning.seconds / 3600) });
  return t(`warning-${warning.code}`);
}
