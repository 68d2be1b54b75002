/**
 * A stronger sign-in: at an identity provider in a window of its own, so that the session goes on in
 * this one; at once with the development sign-in.
 *
 * The window tells how it went over a channel of this origin: on its way to the provider and back the
 * browser parts it from the page that opened it.
 */

import * as api from "./api";

const CHANNEL = "rh-step-up";

export type Outcome = "granted" | "refused" | "blocked";

/** Signs in for `context`; a window must be opened right where somebody pressed a button. */
export async function stepUp(context: string, provider: boolean): Promise<Outcome> {
  if (!provider) {
    return api.stepUp(context).then(
      () => "granted",
      () => "refused",
    );
  }
  const outcome = heard();
  const query = new URLSearchParams({ context });
  const opened = open(`/auth/step-up?${query}`, CHANNEL, "popup,width=520,height=700");
  return opened === null ? "blocked" : outcome;
}

/** What the window says, whenever that is. */
function heard(): Promise<Outcome> {
  const channel = new BroadcastChannel(CHANNEL);
  return new Promise((resolve) => {
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      channel.close();
      resolve(data === "granted" ? "granted" : "refused");
    };
  });
}

/** In the window: tells how it went, and closes it if the browser lets it. */
export function tellStepUp(outcome: "granted" | "refused"): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(outcome);
  channel.close();
  close();
}
