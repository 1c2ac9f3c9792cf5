/** How long a link waits for the server: following it at once would break the call off. */
const leaveMs = 1_500;

/**
 * Follows a link of this tab only when a call is done, or takes too long. A click that opens another tab, or that
 * the page has prevented, is left alone.
 */
export function leaveAfter(event: MouseEvent, call: Promise<unknown>): void {
  const settled = call.catch(() => undefined);
  const link = event.currentTarget;
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || !isPlain) return;
  event.preventDefault();
  const late = new Promise((resolve) => setTimeout(resolve, leaveMs));
  void Promise.race([settled, late]).then(() => location.assign(link.href));
}
