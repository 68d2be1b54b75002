import { expect, test } from "vitest";

import { t } from "./text";

test("B-16: a name is isolated from the direction of the sentence", () => {
  expect(t("signed-in-as", { name: "שרה" })).toBe("Signed in as \u2068שרה\u2069");
});

test("an argument is never read as a place for another", () => {
  expect(t("display-name", { name: "{ $width }", width: 1, height: 2 })).toContain(
    "\u2068{ $width }\u2069",
  );
});
