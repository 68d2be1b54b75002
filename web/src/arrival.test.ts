import { describe, expect, test } from "vitest";

import { arrival, door, invitation } from "./arrival";

describe("how somebody came here", () => {
  test("of their own accord", () => {
    expect(arrival("", "")).toEqual({});
  });

  test("from a sign-in that did not succeed, whatever the word", () => {
    expect(arrival("?sign-in=denied", "").failure).toBe("sign-in-denied");
    expect(arrival("?sign-in=<b>", "").failure).toBe("sign-in-other");
    expect(arrival("?sign-in=title", "").failure).toBe("sign-in-other");
  });

  test("from a stronger sign-in: whatever is not granted is refused", () => {
    expect(arrival("?step-up=granted", "").stepUp).toBe("granted");
    expect(arrival("?step-up=expired", "").stepUp).toBe("refused");
  });

  test("S-54: from a list of devices, for one of them", () => {
    expect(arrival("", "#device=mac-7").device).toBe("mac-7");
    expect(arrival("", "#device=a%2Fb%26c").device).toBe("a/b&c");
    for (const hash of [
      "",
      "#",
      "#mac-7",
      "#device=",
      "#device=a%20b",
      `#device=${"x".repeat(513)}`,
    ])
      expect(arrival("", hash).device).toBeUndefined();
  });

  test("M-12: with a helper's invitation, whose code is eight digits or none", () => {
    expect(arrival("", "#code=04271938").code).toBe("04271938");
    const link = new URL(invitation("https://help.example.com", "04271938"));
    expect(arrival(link.search, link.hash)).toEqual({ code: "04271938" });
    for (const hash of [
      "#code=",
      "#code=1234567",
      "#code=123456789",
      "#code=1234567a",
      "#code=٠٤٢٧١٩٣٨",
    ])
      expect(arrival("", hash).code).toBeUndefined();
    expect(arrival("?code=04271938", "").code).toBeUndefined();
  });

  test("for an agent, with all that it said and nothing else", () => {
    const { agent } = arrival("?port=5&challenge=c&state=s&tenant=evil", "");
    expect(agent).toBe("port=5&challenge=c&state=s");
    expect(arrival("?port=5&state=s", "").agent).toBeUndefined();
  });
});

test("a door leads to the organisation that was chosen, and nowhere else", () => {
  expect(door("a&b=c")).toBe("/auth/start?tenant=a%26b%3Dc");
  expect(door("a", "port=5&challenge=c&state=s")).toBe(
    "/auth/agent?port=5&challenge=c&state=s&tenant=a",
  );
});
