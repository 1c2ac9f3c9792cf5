import { css } from 'lit';

/** The look: every colour and measure is a variable that a page may set, every element that matters is a part. */
export const frameStyles = css`
  :host {
    --_accent: var(--carillon-accent, light-dark(#2456c7, #8fb3ff));
    --_on-accent: var(--carillon-on-accent, light-dark(#fff, #0d1b3a));
    --_surface: var(--carillon-surface, light-dark(#fff, #191b20));
    --_raised: var(--carillon-raised, light-dark(#f3f5f9, #24272e));
    --_tint: var(--carillon-tint, light-dark(#f5f8ff, #1e2430));
    --_text: var(--carillon-text, light-dark(#1b1e25, #eceef2));
    --_quiet: var(--carillon-quiet, light-dark(#5a6272, #a3abba));
    --_line: var(--carillon-line, light-dark(#e3e7ee, #30343d));
    --_badge: var(--carillon-badge, light-dark(#c62f3c, #ff8087));
    --_on-badge: var(--carillon-on-badge, light-dark(#fff, #2b0508));
    --_warn: var(--carillon-warn, light-dark(#fdf3d8, #3a3019));
    --_radius: var(--carillon-radius, 14px);
    --_width: var(--carillon-width, 27rem);
    --_height: var(--carillon-height, 40rem);
    display: inline-block;
    position: relative;
    font: var(--carillon-font, 0.9375rem/1.45 system-ui, sans-serif);
    text-align: start;
    letter-spacing: normal;
    text-transform: none;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([theme='auto']) {
    color-scheme: light dark;
  }
  :host([hidden]) {
    display: none;
  }
  :host([inline]) {
    display: block;
  }
  * {
    box-sizing: border-box;
  }
  button,
  select,
  input {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  button {
    border: 0;
    background: none;
    padding: 0;
    cursor: pointer;
    text-align: inherit;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .icon {
    display: block;
    inline-size: 1.25rem;
    block-size: 1.25rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :host(:dir(rtl)) .icon-back,
  [dir='rtl'] .icon-back {
    transform: scaleX(-1);
  }
  .bell {
    position: relative;
    display: grid;
    place-items: center;
    inline-size: 2.5rem;
    block-size: 2.5rem;
    border-radius: 50%;
    color: var(--carillon-bell, currentColor);
  }
  .bell:hover {
    background: color-mix(in srgb, currentColor 9%, transparent);
  }
  .bell .icon {
    inline-size: 1.5rem;
    block-size: 1.5rem;
  }
  .badge {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: -0.125rem;
    min-inline-size: 1.2rem;
    padding: 0 0.3rem;
    border-radius: 1rem;
    font-size: 0.75rem;
    font-weight: 650;
    line-height: 1.2rem;
    text-align: center;
    color: var(--_on-badge);
    background: var(--_badge);
  }
  .panel {
    flex-direction: column;
    overflow: hidden;
    margin: 0;
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    color: var(--_text);
    background: var(--_surface);
    outline: none;
  }
  .panel[popover] {
    display: none;
    position: fixed;
    inset: auto;
    inline-size: min(var(--_width), 100vw - 1rem);
    block-size: min(var(--_height), 100dvh - 1rem);
    box-shadow: 0 18px 50px -12px rgb(0 0 0 / 0.4);
  }
  .panel[popover]:popover-open {
    display: flex;
  }
  :host([inline]) .panel {
    display: flex;
    block-size: var(--carillon-height, 40rem);
  }
  .top {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    padding-block: 0.875rem 0.5rem;
    padding-inline: 1.125rem 0.75rem;
  }
  .top h2 {
    flex: 1;
    margin: 0;
    font-size: 1.125rem;
    font-weight: 650;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }
  .tool {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 2rem;
    block-size: 2rem;
    border-radius: 8px;
    color: var(--_quiet);
  }
  .tool:hover {
    color: var(--_text);
    background: color-mix(in srgb, var(--_text) 9%, transparent);
  }
  .tool[hidden] {
    display: none;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0 0.75rem;
    padding-inline: 1.125rem;
    border-block-end: 1px solid var(--_line);
  }
  .tabs {
    display: flex;
    flex: 1;
    gap: 1.125rem;
  }
  .tab {
    padding: 0.375rem 0 0.5rem;
    border-block-end: 2px solid transparent;
    font-weight: 550;
    color: var(--_quiet);
    white-space: nowrap;
  }
  .tab:hover {
    color: var(--_text);
  }
  .tab[aria-selected='true'] {
    border-color: var(--_accent);
    color: var(--_text);
  }
  .filter {
    max-inline-size: 45%;
    margin-block-end: 0.375rem;
    padding: 0.1875rem 0.375rem;
    border: 1px solid var(--_line);
    border-radius: 8px;
    font-size: 0.8125rem;
    text-overflow: ellipsis;
    background: var(--_surface);
  }
  .scroll {
    position: relative;
    flex: 1;
    overflow: auto;
    overscroll-behavior: contain;
    outline-offset: -2px;
  }
  .link {
    min-block-size: 1.5rem;
    font-size: 0.8125rem;
    font-weight: 600;
    color: var(--_accent);
  }
  .link:hover {
    text-decoration: underline;
  }
  .notice {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    padding: 0.5rem 1.125rem;
    font-size: 0.8125rem;
    background: var(--_warn);
  }
  .notice .icon {
    flex: none;
  }
  .notice.clock .icon {
    display: none;
  }
  .notice span {
    flex: 1;
  }
  .toast {
    position: absolute;
    inset-block-end: 0.75rem;
    inset-inline: 0.75rem;
    z-index: 4;
    display: flex;
    align-items: center;
    gap: 0.75rem;
    padding-block: 0.5rem;
    padding-inline: 0.875rem 0.5rem;
    border-radius: 10px;
    font-size: 0.875rem;
    color: light-dark(#fff, #14161a);
    background: light-dark(#23272f, #eceef2);
    box-shadow: 0 6px 20px rgb(0 0 0 / 0.25);
  }
  .toast span {
    flex: 1;
    overflow-wrap: anywhere;
  }
  .toast .link {
    padding: 0.25rem 0.5rem;
    color: light-dark(#a9c4ff, #1d4bb3);
  }
  .toast .tool {
    color: inherit;
  }
  @media (max-width: 30rem) {
    .panel[popover] {
      inset: 0 !important;
      inline-size: 100vw;
      max-inline-size: none;
      block-size: 100dvh;
      max-block-size: none !important;
      border: 0;
      border-radius: 0;
    }
  }
  @media (forced-colors: active) {
    .badge,
    .dot {
      forced-color-adjust: none;
    }
  }
`;
