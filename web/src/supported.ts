/** Whether this browser can show a shared screen (S-22): asks for features, never for names. */

/**
 * What the picture needs is WebRTC and, for its tiles, a way to decompress. A browser without H.264
 * sees tiles alone.
 */
export function isSupported(page: {
  RTCPeerConnection?: unknown;
  DecompressionStream?: unknown;
}): boolean {
  return [page.RTCPeerConnection, page.DecompressionStream].every((it) => typeof it === "function");
}
