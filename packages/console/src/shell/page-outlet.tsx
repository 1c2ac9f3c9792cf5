import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { homePath, pages, type PageEntry } from '../pages.ts';
import { hrefTo, matchPath, usePlace } from '../router.ts';
import { Empty, PageHead, type PageProps } from '../ui/page.tsx';
import { Failure } from '../ui/shown.tsx';

interface Arrived {
  entry: PageEntry;
  Page?: ComponentType<PageProps>;
  error?: unknown;
}

/** The page of the present place. */
export function PageOutlet() {
  const { path, query } = usePlace();
  const found = findPage(path === '/' ? homePath : path);
  const [arrived, setArrived] = useState<Arrived>();
  const entry = found?.entry;

  useEffect(() => {
    if (entry === undefined) return;
    entry.load().then(
      (Page) => setArrived({ entry, Page }),
      // An old page after a deploy: its pieces have other names now.
      (error: unknown) => setArrived({ entry, error }),
    );
  }, [entry]);

  if (found === undefined) return <Nowhere />;
  if (arrived?.error !== undefined && arrived.entry === entry)
    return <Failure error={arrived.error} onRetry={() => location.reload()} />;
  if (arrived?.Page === undefined || arrived.entry !== entry) return <p class="loading">Loading…</p>;
  // Another path is another page, also where the same code shows it: nothing typed stays behind.
  return <arrived.Page key={path} params={found.params} query={query} />;
}

function findPage(path: string): { entry: PageEntry; params: Record<string, string> } | undefined {
  for (const entry of pages) {
    const params = matchPath(entry.pattern, path);
    if (params !== undefined) return { entry, params };
  }
  return undefined;
}

function Nowhere() {
  return (
    <div class="page">
      <PageHead title="There is no such page" />
      <Empty title="The address leads nowhere">
        <a href={hrefTo(homePath)}>Go to the overview</a>
      </Empty>
    </div>
  );
}
