import { useId, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { Choice } from './field.tsx';

interface TabsProps<Value extends string> {
  label: string;
  tabs: readonly Choice<Value>[];
  value: Value;
  onValue: (value: Value) => void;
  /** What the chosen tab shows. */
  children: ComponentChildren;
}

/** Parts of a page of which one is shown; the arrow keys go from one to the next (WAI-ARIA, pattern "tabs"). */
export function Tabs<Value extends string>({ label, tabs, value, onValue, children }: TabsProps<Value>) {
  const id = useId();
  const ref = useRef<HTMLDivElement>(null);
  const step = (by: number): void => {
    const index = tabs.findIndex((tab) => tab.value === value);
    const next = tabs[(index + by + tabs.length) % tabs.length];
    if (next === undefined) return;
    onValue(next.value);
    ref.current?.querySelector<HTMLElement>(`#${CSS.escape(`${id}-${next.value}`)}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowRight') step(1);
    else if (event.key === 'ArrowLeft') step(-1);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={ref} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.value}
            type="button"
            role="tab"
            class="tab"
            id={`${id}-${tab.value}`}
            aria-selected={tab.value === value}
            aria-controls={`${id}-panel`}
            tabIndex={tab.value === value ? 0 : -1}
            onClick={() => onValue(tab.value)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </>
  );
}
