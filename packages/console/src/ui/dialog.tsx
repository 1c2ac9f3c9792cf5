import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Question } from '../console-context.ts';
import { Button } from './button.tsx';
import { Form } from './form.tsx';

interface DialogProps {
  title: string;
  /** Told when it is closed by Escape as well. */
  onClose: () => void;
  /** Runs when its form is sent: the button in `buttons` is of `type="submit"`. */
  onSubmit?: () => unknown;
  wide?: boolean;
  /** Cannot be closed without an answer. */
  mustAnswer?: boolean;
  buttons?: ComponentChildren;
  children: ComponentChildren;
}

/** Stands over the page, and keeps the keyboard inside, while it is rendered. */
export function Dialog({ title, onClose, onSubmit, wide = false, mustAnswer = false, ...rest }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const inside = (
    <>
      <h2>{title}</h2>
      {rest.children}
      {rest.buttons !== undefined && <div class="row end">{rest.buttons}</div>}
    </>
  );
  return (
    <dialog
      ref={ref}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        if (!mustAnswer) onClose();
      }}
    >
      {onSubmit === undefined ? (
        <div class="dialog-inside">{inside}</div>
      ) : (
        <Form class="dialog-inside" onSubmit={onSubmit}>
          {inside}
        </Form>
      )}
    </dialog>
  );
}

/** Asks whether something is to be done. */
export function Confirm({ question, answer }: { question: Question; answer: (yes: boolean) => void }) {
  const { title, text, button, danger = false } = question;
  return (
    <Dialog
      title={title}
      onClose={() => answer(false)}
      onSubmit={() => answer(true)}
      buttons={
        <>
          <Button onClick={() => answer(false)}>Cancel</Button>
          <Button type="submit" look={danger ? 'danger' : 'primary'}>
            {button}
          </Button>
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  );
}
