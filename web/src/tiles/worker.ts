/**
 * The worker that paints. A browser may hold the messages of a page back for a frame after a key
 * press, while the page animates; those of a worker it does not.
 */

import { Painter } from "./painter";
import type { Order } from "./tiles";

const painter = new Painter((report) => postMessage(report));

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  if ("channel" in data) {
    data.channel.binaryType = "arraybuffer";
    data.channel.onmessage = (event) => painter.receive(event.data);
    data.channel.onclose = () => painter.end();
  } else if ("solid" in data) {
    painter.panes.show(data);
  } else if ("turned" in data) {
    painter.panes.turned(data.turned);
  } else {
    painter.presented(data.presented);
  }
});

// Whoever started it gives nothing away before it runs.
postMessage("ready");
