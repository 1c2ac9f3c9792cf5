import { css } from 'lit';

/** The look of items, and of what stands in their place. */
export const listStyles = css`
  .day h3 {
    position: sticky;
    inset-block-start: 0;
    z-index: 2;
    margin: 0;
    padding: 0.5rem 1.125rem 0.375rem;
    font-size: 0.75rem;
    font-weight: 600;
    letter-spacing: 0.02em;
    color: var(--_quiet);
    background: var(--_surface);
  }
  .block {
    contain: layout;
  }
  .item {
    position: relative;
    display: flex;
    gap: 0.75rem;
    padding: 0.75rem 1.125rem;
    border-block-end: 1px solid var(--_line);
    overflow-wrap: anywhere;
    contain: layout style;
  }
  .item.unread {
    background: var(--_tint);
  }
  .item:hover,
  .item:focus-within {
    background: var(--_raised);
  }
  .picture {
    flex: none;
    inline-size: 2.25rem;
    block-size: 2.25rem;
    border-radius: 50%;
    object-fit: cover;
  }
  .letter {
    display: grid;
    place-items: center;
    font-size: 0.9375rem;
    font-weight: 600;
    color: var(--_quiet);
    background: color-mix(in srgb, var(--_text) 8%, var(--_surface));
  }
  .unread .letter {
    color: var(--_accent);
    background: color-mix(in srgb, var(--_accent) 14%, var(--_surface));
  }
  .main {
    flex: 1;
    min-inline-size: 0;
  }
  .head {
    display: flex;
    gap: 0.5rem;
  }
  .title {
    flex: 1;
    min-inline-size: 0;
    font-weight: 500;
    color: inherit;
    text-decoration: none;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    overflow: hidden;
  }
  .unread .title {
    font-weight: 650;
  }
  /* All of the item leads where its title leads; what is in it beside stays on top. */
  .title::after {
    content: '';
    position: absolute;
    inset: 0;
  }
  .title:focus-visible {
    outline: none;
  }
  .title:focus-visible::after {
    outline: 2px solid var(--_accent);
    outline-offset: -2px;
    border-radius: 4px;
  }
  .body a,
  .body pre,
  .main > .link,
  .action,
  .tools {
    position: relative;
    z-index: 1;
  }
  .dot {
    flex: none;
    inline-size: 0.5rem;
    block-size: 0.5rem;
    margin-block-start: 0.45rem;
    border-radius: 50%;
    background: var(--_accent);
  }
  .meta {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.5rem;
    font-size: 0.8125rem;
    color: var(--_quiet);
  }
  .meta > * + *::before {
    content: '·';
    margin-inline-end: 0.5rem;
  }
  .flag {
    font-weight: 600;
    color: light-dark(#b4232f, #ff9aa0);
  }
  .flag.done {
    color: light-dark(#1b6e3c, #7fd6a0);
  }
  .body {
    margin-block-start: 0.25rem;
    font-size: 0.875rem;
    color: light-dark(#3a4150, #c4cad5);
  }
  .body > :first-child {
    margin-block-start: 0;
  }
  .body > :last-child {
    margin-block-end: 0;
  }
  .body p,
  .body ul,
  .body ol,
  .body pre,
  .body blockquote {
    margin: 0.375rem 0;
  }
  .body ul,
  .body ol {
    padding-inline-start: 1.25rem;
  }
  .body a {
    color: var(--_accent);
  }
  .body code {
    padding: 0.05em 0.3em;
    border-radius: 4px;
    font:
      0.92em ui-monospace,
      'SF Mono',
      Menlo,
      Consolas,
      monospace;
    background: color-mix(in srgb, var(--_text) 8%, transparent);
  }
  .body pre {
    overflow: auto;
    padding: 0.5rem 0.625rem;
    border-radius: 8px;
    background: color-mix(in srgb, var(--_text) 6%, transparent);
  }
  .body pre code {
    padding: 0;
    background: none;
  }
  .body blockquote {
    padding-inline-start: 0.625rem;
    border-inline-start: 3px solid var(--_line);
  }
  .body hr {
    border: 0;
    border-block-start: 1px solid var(--_line);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-block-start: 0.5rem;
  }
  .action {
    padding: 0.25rem 0.75rem;
    border: 1px solid color-mix(in srgb, var(--_text) 22%, transparent);
    border-radius: 8px;
    font-size: 0.8125rem;
    font-weight: 600;
    color: inherit;
    text-decoration: none;
    background: var(--_surface);
  }
  .action:first-child {
    border-color: var(--_accent);
    color: var(--_on-accent);
    background: var(--_accent);
  }
  .tools {
    position: absolute;
    inset-block-start: 0.375rem;
    inset-inline-end: 0.5rem;
    display: flex;
    opacity: 0;
    padding: 0.125rem;
    border: 1px solid var(--_line);
    border-radius: 10px;
    background: var(--_surface);
    box-shadow: 0 2px 8px rgb(0 0 0 / 0.1);
  }
  .item:hover .tools,
  .item:focus-within .tools {
    opacity: 1;
  }
  .tools .tool {
    inline-size: 1.875rem;
    block-size: 1.875rem;
  }
  .tools .icon {
    inline-size: 1.125rem;
    block-size: 1.125rem;
  }
  @media (hover: none) {
    .item {
      flex-wrap: wrap;
    }
    .tools {
      position: static;
      inline-size: 100%;
      justify-content: flex-end;
      border: 0;
      background: none;
      box-shadow: none;
      opacity: 1;
    }
  }
  .older {
    display: block;
    inline-size: 100%;
    padding: 0.875rem;
    text-align: center;
  }
  .empty {
    margin: 0;
    display: grid;
    place-content: center;
    justify-items: center;
    min-block-size: 100%;
    padding: 2rem;
    color: var(--_quiet);
  }
  .empty .icon {
    inline-size: 2.75rem;
    block-size: 2.75rem;
    stroke-width: 1.2;
  }
  .empty p {
    margin: 0.75rem 0 0;
  }
`;
