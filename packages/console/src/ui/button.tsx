import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';

interface ButtonProps extends Omit<ButtonHTMLAttributes, 'class' | 'icon' | 'onClick'> {
  /** What it begins may take longer: nobody waits for it here. */
  onClick?: ((event: MouseEvent) => unknown) | undefined;
  look?: 'primary' | 'danger' | 'plain' | undefined;
  /** Cannot be pressed, because what it began is not over. */
  busy?: boolean | undefined;
  children: ComponentChildren;
}

/** A button that sends no form unless it says so by `type="submit"`. */
export function Button({ look, busy = false, disabled, children, ...rest }: ButtonProps) {
  const isOff = busy || disabled === true;
  return (
    <button
      type="button"
      {...rest}
      class={look === undefined ? 'button' : `button ${look}`}
      disabled={isOff}
      aria-busy={busy}
    >
      {children}
    </button>
  );
}
