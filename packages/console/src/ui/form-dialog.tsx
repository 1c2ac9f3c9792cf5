import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Failure } from './shown.tsx';

interface FormDialogProps {
  title: string;
  onClose: () => void;
  onSubmit: () => unknown;
  /** What the button says that sends the form: a verb. */
  button: string;
  busy?: boolean;
  disabled?: boolean;
  /** Why it could not be done. */
  error?: unknown;
  /** What the other button says. */
  leave?: 'Cancel' | 'Close';
  children: ComponentChildren;
}

/** A form over the page: sent by one button, left by the other. */
export function FormDialog({ title, onClose, onSubmit, children, ...rest }: FormDialogProps) {
  const { button, busy = false, disabled = false, error, leave = 'Cancel' } = rest;
  return (
    <Dialog
      {...{ title, onClose, onSubmit }}
      buttons={
        <>
          <Button onClick={onClose}>{leave}</Button>
          <Button type="submit" look="primary" {...{ busy, disabled }}>
            {button}
          </Button>
        </>
      }
    >
      {children}
      <Failure error={error} />
    </Dialog>
  );
}
