import type { ComponentChildren } from 'preact';

interface FormProps {
  onSubmit: () => unknown;
  class?: string;
  /** For people who hear the page. */
  label?: string;
  children: ComponentChildren;
}

/** A form that the page handles: nothing is sent by the browser itself. */
export function Form({ onSubmit, class: name = 'form', label, children }: FormProps) {
  return (
    <form
      class={name}
      {...(label !== undefined && { 'aria-label': label })}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
