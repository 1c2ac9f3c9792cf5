import { useConsole } from '../console-context.ts';
import { Icon } from './icon.tsx';

/** An id or the like, which one press puts into the clipboard. */
export function Copyable({ text, shown = text }: { text: string; shown?: string }) {
  const { say } = useConsole();
  const copy = (): void => {
    // Without https there is no clipboard for pages.
    navigator.clipboard?.writeText(text).then(
      () => say('Copied'),
      () => say('The browser does not let pages copy', 'bad'),
    );
  };
  return (
    <button type="button" class="copyable" title={`Copy ${text}`} onClick={copy}>
      <span>{shown}</span>
      <Icon name="copy" size={14} />
    </button>
  );
}

/** A value as indented JSON. */
export function JsonBlock({ value, label }: { value: unknown; label: string }) {
  return (
    <pre class="block" tabIndex={0} role="region" aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
