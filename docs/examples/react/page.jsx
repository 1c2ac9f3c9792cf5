/** A page of a product with the bell, and a line that shows the same inbox by hooks. */
import { createRoot } from 'react-dom/client';
import { Bell, CarillonProvider, useCounts, useInbox } from '@carillon/react';

async function fetchToken() {
  const answer = await fetch('/carillon-token', { method: 'POST' });
  if (!answer.ok) throw new Error(`No token: ${answer.status}`);
  return (await answer.json()).token;
}

function Newest() {
  const { items, read } = useInbox({ limit: 1 });
  const unread = useCounts()?.unread ?? 0;
  const [newest] = items;
  if (newest === undefined) return <p>Nothing has happened yet.</p>;
  return (
    <p>
      {unread} unread. The newest: <strong>{newest.title}</strong>{' '}
      {newest.read_at === null && <button onClick={() => read(newest.id)}>I have seen it</button>}
    </p>
  );
}

function Page({ carillonUrl }) {
  return (
    <CarillonProvider url={carillonUrl} token={fetchToken}>
      <header>
        <h1>My shop</h1>
        <Bell />
      </header>
      <main>
        <Newest />
      </main>
    </CarillonProvider>
  );
}

const root = document.getElementById('root');
createRoot(root).render(<Page carillonUrl={root.dataset.carillonUrl} />);
