/** The look of what takes the place of the list. A text and no style sheet: it is loaded later, without Lit. */
export const panelStyles = `
  .sub {
    padding: 1rem 1.125rem;
  }
  .sub:last-child {
    padding-block-end: 4.5rem;
  }
  .sub + .sub {
    border-block-start: 1px solid var(--_line);
  }
  .sub h3 {
    margin: 0 0 0.5rem;
    font-size: 0.9375rem;
    font-weight: 650;
  }
  .sub ul + h3 {
    margin-block-start: 1.25rem;
  }
  .sub-text,
  .sub-hint {
    margin: 0;
    font-size: 0.875rem;
    color: var(--_quiet);
  }
  .sub-text {
    padding: 1.5rem 1.125rem;
  }
  .sub-hint {
    margin-block-end: 0.75rem;
  }
  .sub-title {
    margin: 0 0 1.25rem;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .sentences {
    margin: 0;
    padding-inline-start: 1.125rem;
    font-size: 0.875rem;
    overflow-wrap: anywhere;
  }
  .sentences li + li {
    margin-block-start: 0.375rem;
  }
  .matrix {
    overflow: auto;
    margin-inline: -1.125rem;
    padding-inline: 1.125rem;
  }
  .matrix table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 0.875rem;
  }
  .matrix th {
    font-weight: 500;
    text-align: start;
  }
  .matrix thead th {
    padding: 0 0.5rem 0.25rem;
    white-space: nowrap;
    font-size: 0.75rem;
    color: var(--_quiet);
    text-align: center;
  }
  .matrix tbody th {
    padding-block: 0.5rem;
    padding-inline: 0 0.5rem;
    border-block-start: 1px solid var(--_line);
    overflow-wrap: anywhere;
  }
  .matrix small {
    display: block;
    font-weight: 400;
    color: var(--_quiet);
  }
  .matrix td {
    padding: 0;
    border-block-start: 1px solid var(--_line);
    text-align: center;
  }
  .matrix label {
    display: inline-grid;
    place-items: center;
    min-inline-size: 2.75rem;
    min-block-size: 2.5rem;
  }
  .sub input[type='checkbox'] {
    inline-size: 1.125rem;
    block-size: 1.125rem;
    margin: 0;
    accent-color: var(--_accent);
  }
  .check {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    min-block-size: 2rem;
    font-size: 0.875rem;
  }
  .times {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 0.75rem;
    margin-block: 0.5rem 0.75rem;
  }
  .times label {
    font-size: 0.8125rem;
    font-weight: 600;
  }
  .wide {
    grid-column: 1 / -1;
  }
  .times :is(input, select) {
    display: block;
    inline-size: 100%;
    margin-block-start: 0.25rem;
    padding: 0.375rem 0.5rem;
    border: 1px solid color-mix(in srgb, var(--_text) 45%, transparent);
    border-radius: 8px;
    font-weight: 400;
    background: var(--_surface);
  }
  .sub fieldset {
    margin: 0 0 0.5rem;
    padding: 0;
    border: 0;
  }
  .sub legend {
    padding: 0;
    margin-block-end: 0.375rem;
    font-size: 0.8125rem;
    font-weight: 600;
  }
  .weekdays {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
  }
  .weekday {
    position: relative;
    display: grid;
    place-items: center;
    min-inline-size: 2.75rem;
    min-block-size: 2rem;
    border: 1px solid color-mix(in srgb, var(--_text) 30%, transparent);
    border-radius: 8px;
    font-size: 0.8125rem;
  }
  .weekday input[type='checkbox'] {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .weekday:has(:checked) {
    border-color: var(--_accent);
    font-weight: 650;
    color: var(--_on-accent);
    background: var(--_accent);
  }
  .weekday:has(:focus-visible) {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .problem {
    margin: 0.5rem 0;
    font-size: 0.875rem;
    color: light-dark(#b4232f, #ff9aa0);
  }
  .sub .action {
    margin-block-start: 0.75rem;
    padding: 0.4375rem 1rem;
    border-color: var(--_accent);
    color: var(--_on-accent);
    background: var(--_accent);
    cursor: pointer;
  }
`;
