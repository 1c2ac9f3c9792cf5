/** An instant of the API on the clock of this machine, to the second; empty for none. */
export function shownInstant(text: string | null | undefined): string {
  if (text === null || text === undefined) return '';
  const at = new Date(text);
  const two = (number: number): string => String(number).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** How long ago, in the largest unit that fits: `3 min`. */
export function shownAge(text: string, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(text)) / 1_000));
  if (seconds < 60) return 'now';
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
