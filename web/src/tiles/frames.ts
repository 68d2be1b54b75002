/** Follows the frames that a video presents. */

/** Milliseconds between two looks at a video of a browser that does not tell its frames. */
const LOOK = 50;

/**
 * Calls `presented` with the RTP timestamp of every frame that `video` presents, until the function
 * that is returned is called. The timestamp is `undefined` in browsers that do not tell it.
 *
 * A frame is asked for all the time, not only while an area waits for one: a frame that was
 * presented before the area was told of counts as well.
 */
export function followFrames(
  video: HTMLVideoElement,
  presented: (at: number | undefined) => void,
): () => void {
  if (!("requestVideoFrameCallback" in video)) return lookForFrames(video, presented);
  const next: VideoFrameRequestCallback = (_, { rtpTimestamp }) => {
    presented(rtpTimestamp);
    handle = video.requestVideoFrameCallback(next);
  };
  let handle = video.requestVideoFrameCallback(next);
  return () => video.cancelVideoFrameCallback(handle);
}

function lookForFrames(
  video: HTMLVideoElement,
  presented: (at: number | undefined) => void,
): () => void {
  let before = 0;
  const timer = setInterval(() => {
    const { totalVideoFrames } = (video as HTMLVideoElement).getVideoPlaybackQuality();
    if (totalVideoFrames !== before) presented(undefined);
    before = totalVideoFrames;
  }, LOOK);
  return () => clearInterval(timer);
}
