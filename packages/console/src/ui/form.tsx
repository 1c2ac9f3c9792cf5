import type { ComponentChildren } from 'preact';
import type { Doing } from '../load.ts';
import { Button } from './button.tsx';
import { Failure } from './shown.tsx';

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

interface SaveRowProps {
  /** What the form does when it is sent. */
  of: Pick<Doing<[]>, 'busy' | 'error'>;
  /** What the button says. */
  children?: string;
}

/** The end of a form: why it was refused, and the button that sends it. */
export function SaveRow({ of, children = 'Save' }: SaveRowProps) {
  return (
    <>
      <Failure error={of.error} />
      <div class="row">
        <Button type="submit" look="primary" busy={of.busy}>
          {children}
        </Button>
      </div>
    </>
  );
}
