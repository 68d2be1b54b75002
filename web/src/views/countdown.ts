/** `m:ss` until `until`; never below zero. */
export function countdown(until: number, now: number): string {
  const seconds = Math.max(Math.ceil((until - now) / 1000), 0);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
