/** Whether this browser can show a shared screen (S-22): asks for features, never for names. */

export function isSupported(page: {
  RTCPeerConnection?: unknown;
  RTCRtpReceiver?: Partial<typeof RTCRtpReceiver>;
}): boolean {
  if (typeof page.RTCPeerConnection !== "function") return false;
  const codecs = page.RTCRtpReceiver?.getCapabilities?.("video")?.codecs ?? [];
  return codecs.some((codec) => codec.mimeType.toLowerCase() === "video/h264");
}
