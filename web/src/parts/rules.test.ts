import { expect, test } from "vitest";

import type { Fix, FixCode, Reason, ReasonCode, Unrecognised, WarningCode } from "../protocol";
import { FIXES, REASONS, UNRECOGNISED, WARNINGS } from "../wire/rules";
import { fixText, reasonText, warningText } from "./rules";

const codes = <Code extends string>(of: Record<Code, true>) => Object.keys(of) as Code[];
const fix = (code: FixCode, more: Partial<Fix> = {}): Fix => ({
  code,
  who: "administrator",
  permission: null,
  setting: null,
  ...more,
});

test("B-18: every reason, fix and warning has a sentence of its own", () => {
  const reason = (code: ReasonCode, why: Unrecognised | null = null): Reason => ({
    code,
    why,
    fixes: [],
  });
  const texts = [
    ...codes(REASONS).map((code) => reasonText(reason(code))),
    ...codes(UNRECOGNISED).map((why) => reasonText(reason("enrolment_unknown", why))),
    ...codes(FIXES).map((code) => fixText(fix(code))),
    ...codes(WARNINGS).map((code: WarningCode) => warningText({ code, why: null, seconds: null })),
  ];
  expect(new Set(texts).size).toBe(texts.length);
});

test("S-26: the message for a device without user affinity names the switch", () => {
  const setting = "allowSessionsToUnenrolledDevices";
  expect(fixText(fix("allow_unenrolled", { setting }))).toContain(setting);
});

test("S-13, S-15: the warnings name the risk of an administrator's password", () => {
  for (const code of ["not_compliant", "in_grace_period", "unenrolled"] as const)
    expect(warningText({ code, why: null, seconds: null })).toMatch(/administrator's password/);
  const why = "not_in_portal";
  const unknown = warningText({ code: "enrolment_unknown", why, seconds: null });
  expect(unknown).toMatch(/administrator's password/);
});

test("the age of a record is told in hours", () => {
  const old = { code: "record_stale", why: null, seconds: 90_000 } as const;
  expect(warningText(old)).toContain("25");
});
