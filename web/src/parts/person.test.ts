import { expect, test } from "vitest";

import { initials, ownPath } from "./person";

test("initials are of the first and the last name, in any script", () => {
  const names = [
    "Sam Sharer",
    "sam van den sharer",
    "Prince",
    "  ",
    undefined,
    "𝒜da 🎉",
    "שרה כהן",
  ];
  expect(names.map(initials)).toEqual(["SS", "SS", "P", "?", "?", "𝒜🎉", "שכ"]);
});

test("S-57: a picture is the service's own, or none", () => {
  expect(ownPath("/api/people/a/picture")).toBe("/api/people/a/picture");
  for (const path of [
    "//evil/x",
    "/\\evil",
    "https://evil/x",
    "data:image/png,",
    "",
    null,
    undefined,
  ]) {
    expect(ownPath(path)).toBeUndefined();
  }
});
