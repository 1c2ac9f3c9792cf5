import { cutText } from './message-text.ts';

/**
 * The longest beginning of `text` with which what `make` makes of it has at most `bytesMax` bytes of UTF-8; a text that
 * was cut ends in "…". Undefined where it is too long even without the text.
 */
export function fitBytes(text: string, bytesMax: number, make: (text: string) => string): string | undefined {
  // No UTF-16 unit takes less than a byte.
  const whole = cutText(text, bytesMax);
  const fits = (units: number): boolean => Buffer.byteLength(make(cutText(whole, units))) <= bytesMax;
  if (fits(whole.length)) return make(whole);
  if (!fits(0)) return undefined;
  let enough = 0;
  let tooMany = whole.length;
  while (tooMany - enough > 1) {
    const middle = Math.floor((enough + tooMany) / 2);
    if (fits(middle)) enough = middle;
    else tooMany = middle;
  }
  return make(cutText(whole, enough));
}
