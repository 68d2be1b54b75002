/** What a screen reader says when the state changes. */

import { t } from "../text";
import type { TextId } from "../text";
import { paused } from "./desktop";
import { isUnstable } from "./link";
import { meets } from "./state";
import type { State } from "./state";

export function announce(state: State): string {
  const name = meets(state) ? (state.peer.full_name ?? t("unnamed")) : "";
  switch (state.at) {
    case "starting":
    case "signing_in":
    case "home":
      return "";
    case "opening":
      return t("opening-title");
    case "waiting":
      return t("waiting-title");
    case "joined":
      return t("joined-title", { name });
    case "asking":
      return t(`asking-${state.role}`, { name });
    case "connecting":
      return t("connecting-title");
    case "watching": {
      if (isUnstable(state.link)) return t("unstable");
      const waits = paused(state);
      if (waits !== undefined) return waits;
      if (state.screen.paused) return t("input-paused");
      if (state.upgrade === "declined") return t("declined-control", { name });
      return t(`watching-${state.role}`, { name });
    }
    case "ended":
      return `${t("ended-title")}. ${t(`end-${state.reason}` satisfies TextId)}`;
  }
}
