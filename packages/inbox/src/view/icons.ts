import { html, type TemplateResult } from 'lit';

/** Lines on a field of 24 by 24. */
const paths = {
  bell: 'M6 10a6 6 0 1 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7m4 10a2 2 0 0 0 4 0',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  checks: 'm2.5 12.5 4.5 4.5 9-9.5m-4 8 1.5 1.5 8-9.5',
  unread: 'M12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7',
  archive: 'M4 5h16v4H4zm1 4v10h14V9m-9 4h4',
  unarchive: 'M4 5h16v4H4zm1 4v10h14V9m-7 8v-5m-2.5 2.5L12 12l2.5 2.5',
  close: 'M6 6l12 12M18 6 6 18',
  why: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18M9.5 10a2.5 2.5 0 1 1 2.5 2.5v1.5m0 2.5v.1',
  settings: 'M4 8h9m5 0h2M4 16h2m5 0h9M15.5 5.5v5m-7 3v5',
  back: 'M20 12H5m6-6-6 6 6 6',
  alert: 'M12 4 3 19h18zm0 6v4m0 2.5v.1',
} as const;

export type IconName = keyof typeof paths;

/** The lines of a picture. */
export function iconPath(name: IconName): string {
  return paths[name];
}

/** A picture beside words: screen readers say the words. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon icon-${name}" viewBox="0 0 24 24" aria-hidden="true">
    <path d=${paths[name]} />
  </svg>`;
}

/** A button that is a picture; its words are its name and its tooltip. */
export function iconButton(
  name: IconName,
  label: string,
  onClick: (event: Event) => void,
  part: string = name,
): TemplateResult {
  return html`<button
    type="button"
    class="tool"
    part="button ${part}-button"
    title=${label}
    aria-label=${label}
    @click=${onClick}
  >
    ${icon(name)}
  </button>`;
}
