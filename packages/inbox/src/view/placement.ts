const gapPx = 8;
/** With less than this it goes where there is more. */
const wantedPx = 440;
/** With less than this it covers its bell. */
const leastPx = 280;

/**
 * Puts the panel beside its bell, where there is room: below it, else above; from its end towards its start, else
 * the other way; never over the edge of the window. Set by script, because a page's policy may forbid style
 * attributes. Narrow windows are filled by the style sheet.
 */
export function placePanel(panel: HTMLElement, bell: HTMLElement): void {
  const at = bell.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const [below, above] = [clientHeight - at.bottom - 2 * gapPx, at.top - 2 * gapPx];
  const isBelow = below >= above || below >= wantedPx;
  panel.style.setProperty('max-height', `${Math.max(leastPx, isBelow ? below : above)}px`);
  const { offsetWidth: width, offsetHeight: height } = panel;
  const top = isBelow ? at.bottom + gapPx : at.top - gapPx - height;
  const isLeftToRight = getComputedStyle(bell).direction !== 'rtl';
  const wanted = isLeftToRight ? at.right - width : at.left;
  panel.style.setProperty('top', `${clamp(top, gapPx, clientHeight - height - gapPx)}px`);
  panel.style.setProperty('left', `${clamp(wanted, gapPx, clientWidth - width - gapPx)}px`);
}

/** Where there is no room at all, the beginning counts. */
function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
