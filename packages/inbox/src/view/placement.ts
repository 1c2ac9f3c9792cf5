const gapPx = 8;

/**
 * Puts the panel beside its bell, where there is room: below it, else above; from its end towards its start, else
 * the other way; never over the edge of the window. Set by script, because a page's policy may forbid style
 * attributes. Narrow windows are filled by the style sheet.
 */
export function placePanel(panel: HTMLElement, bell: HTMLElement): void {
  const at = bell.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const { clientWidth, clientHeight } = document.documentElement;
  const fitsBelow = at.bottom + gapPx + height <= clientHeight || at.top < clientHeight / 2;
  const top = fitsBelow ? at.bottom + gapPx : at.top - gapPx - height;
  const isLeftToRight = getComputedStyle(bell).direction !== 'rtl';
  const wanted = isLeftToRight ? at.right - width : at.left;
  panel.style.setProperty('top', `${clamp(top, gapPx, clientHeight - height - gapPx)}px`);
  panel.style.setProperty('left', `${clamp(wanted, gapPx, clientWidth - width - gapPx)}px`);
}

/** Where there is no room at all, the beginning counts. */
function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
