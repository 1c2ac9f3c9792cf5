import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { CarillonError, type Carillon } from '@carillon/client';
import { useConsole } from './console-context.ts';

/** Something that is asked of the API: what is known of it now. */
export interface Loaded<T> {
  /** The last answer; stays while it is asked again, and when that fails. */
  data: T | undefined;
  /** Why the last question had no answer. */
  error: unknown;
  busy: boolean;
  /** Asks again. */
  reload(): void;
  /** Puts what a change answered in the place of asking again. */
  put(data: T): void;
}

export interface LoadOptions {
  /** Asks again this often while the page is looked at. */
  everyMs?: number;
}

/**
 * Asks the API when the page comes and whenever one of `inputs` changes; an answer to an earlier question is thrown
 * away. Who is no longer signed in is asked to.
 */
export function useLoad<T>(
  load: (api: Carillon, signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
  { everyMs }: LoadOptions = {},
): Loaded<T> {
  const { api, onRefused } = useConsole();
  const [known, setKnown] = useState<{ data?: T; error?: unknown; busy: boolean }>({ busy: true });
  const [round, setRound] = useState(0);
  const loadRef = useRef(load);
  loadRef.current = load;

  useEffect(() => {
    const ending = new AbortController();
    setKnown(({ data }) => ({ ...(data !== undefined && { data }), busy: true }));
    loadRef.current(api, ending.signal).then(
      (data) => {
        if (!ending.signal.aborted) setKnown({ data, busy: false });
      },
      (error: unknown) => {
        if (ending.signal.aborted) return;
        if (isRefusal(error)) onRefused();
        setKnown(({ data }) => ({ ...(data !== undefined && { data }), error, busy: false }));
      },
    );
    return () => ending.abort();
  }, [api, round, ...inputs]);

  const reload = useCallback(() => setRound((number) => number + 1), []);
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);

  const put = useCallback((data: T) => setKnown({ data, busy: false }), []);
  return { data: known.data, error: known.error, busy: known.busy, reload, put };
}

/** Whether the server takes no credential that there is. */
export function isRefusal(error: unknown): boolean {
  return error instanceof CarillonError && (error.status === 401 || error.code === 'client.token');
}

/** Something that somebody does by a button. */
export interface Doing<Given extends unknown[]> {
  busy: boolean;
  /** What went wrong at the last try; a form shows it at its fields. */
  error: unknown;
  run(...given: Given): Promise<void>;
  forget(): void;
}

/**
 * Runs a change, one at a time. What goes wrong is kept in `error`, or shown as a line with `says: true` where there is
 * no form to show it in.
 */
export function useDoing<Given extends unknown[]>(
  work: (...given: Given) => Promise<void>,
  { says = false }: { says?: boolean } = {},
): Doing<Given> {
  const { say, onRefused } = useConsole();
  const [known, setKnown] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  const busyRef = useRef(false);
  return {
    busy: known.busy,
    error: known.error,
    forget: () => setKnown({ busy: false }),
    async run(...given) {
      if (busyRef.current) return;
      busyRef.current = true;
      setKnown({ busy: true });
      try {
        await work(...given);
        setKnown({ busy: false });
      } catch (error) {
        if (isRefusal(error)) onRefused();
        else if (says) say(error instanceof Error ? error.message : String(error), 'bad');
        setKnown({ busy: false, error });
      } finally {
        busyRef.current = false;
      }
    },
  };
}
