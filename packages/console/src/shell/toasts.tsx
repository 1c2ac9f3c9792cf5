import { useCallback, useRef, useState } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';

/** A line that tells what has happened. */
export interface Toast {
  id: number;
  text: string;
  tone: 'good' | 'bad';
}

const shownMs = 6_000;
const shownMax = 4;

/** What is told at present, and how to tell something. */
export function useToasts(): {
  toasts: readonly Toast[];
  say: (text: string, tone?: Toast['tone']) => void;
  close: (id: number) => void;
} {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const counter = useRef(0);
  const close = useCallback((id: number) => setToasts((all) => all.filter((one) => one.id !== id)), []);
  const say = useCallback((text: string, tone: Toast['tone'] = 'good') => {
    counter.current += 1;
    const id = counter.current;
    setToasts((all) => [...all, { id, text, tone }].slice(-shownMax));
    // What went wrong has to be read; it stays until it is closed.
    if (tone === 'good') setTimeout(() => close(id), shownMs);
  }, []);
  return { toasts, say, close };
}

/** The lines in a corner; read out as they come. */
export function Toasts({ toasts, close }: { toasts: readonly Toast[]; close: (id: number) => void }) {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, text, tone }) => (
        <div key={id} class={tone === 'bad' ? 'toast bad' : 'toast'}>
          <span>{text}</span>
          <button type="button" class="copyable" aria-label="Close" onClick={() => close(id)}>
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}
