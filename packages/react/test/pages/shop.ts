import { createElement, StrictMode, useState, type ReactElement, type ReactNode } from 'react';
import {
  Bell,
  CarillonProvider,
  useConnection,
  useCounts,
  useInbox,
  usePreferences,
} from '../../src/index.ts';

/** What the page is given: an API on another origin, and a token of whoever is signed in. */
export interface ShopProps {
  url: string;
  token: string;
}

/** A page of a product, as StrictMode tries it: everything twice. */
export function Shop({ url, token }: ShopProps): ReactElement {
  const [isOpen, setOpen] = useState(true);
  const [said, say] = useState('');
  const toggle = button(isOpen ? 'Leave' : 'Come back', () => setOpen(!isOpen));
  // A new function at each render, as people write it.
  const props = { url, token: () => token };
  const inside = isOpen
    ? [
        createElement(Count, { key: 1 }),
        createElement(List, { key: 2 }),
        createElement(Bell, { key: 4, inline: true, onOpenItem: ({ title }) => say(`opened ${title}`) }),
        createElement('p', { key: 5, id: 'said' }, said),
      ]
    : [];
  const page = createElement(CarillonProvider, props, ...inside, createElement(Choices, { key: 3 }), toggle);
  return createElement(StrictMode, null, page);
}

function Count(): ReactElement {
  const { status } = useConnection();
  const counts = useCounts();
  return createElement('p', { id: 'count' }, `${status.state}: ${counts?.unread ?? 'unknown'} unread`);
}

function List(): ReactElement {
  const [arrived, setArrived] = useState<string[]>([]);
  const { items, isLoaded, hasMore, readAll, archive, loadMore } = useInbox({
    limit: 3,
    onArrive: (news) => setArrived((before) => [...before, ...news.map(({ title }) => title)]),
  });
  const rows = items.map(({ id, title, read_at: read }) =>
    createElement(
      'li',
      { key: id, 'data-read': read !== null },
      title,
      button(`Archive ${title}`, () => void archive(id)),
    ),
  );
  return createElement(
    'section',
    null,
    createElement('ul', { id: 'list', 'data-loaded': isLoaded }, rows),
    createElement('p', { id: 'arrived' }, arrived.join()),
    button('Read all', () => void readAll()),
    hasMore ? button('More', () => void loadMore()) : null,
  );
}

function Choices(): ReactElement {
  const { table, quietHours, set, setQuietHours, error } = usePreferences();
  const rows: ReactNode[] = table
    .filter(({ kind }) => kind === 'email')
    .map(({ category, kind, enabled }) =>
      createElement(
        'label',
        { key: category },
        createElement('input', {
          type: 'checkbox',
          checked: enabled,
          onChange: () => void set({ category, kind, enabled: !enabled }).catch(() => undefined),
        }),
        category,
      ),
    );
  return createElement(
    'form',
    { id: 'choices' },
    ...rows,
    createElement('output', null, error?.code ?? `quiet from ${quietHours?.start ?? 'never'}`),
    button(
      'Quiet at night',
      () => void setQuietHours({ start: '22:00', end: '07:00', zone: 'Europe/Berlin' }),
    ),
  );
}

function button(text: string, onClick: () => void): ReactElement {
  return createElement('button', { key: text, type: 'button', onClick }, text);
}
