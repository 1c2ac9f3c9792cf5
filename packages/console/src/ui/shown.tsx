import type { ComponentChildren } from 'preact';
import { CarillonError } from '@carillon/client';
import type { Loaded } from '../load.ts';
import { Button } from './button.tsx';

/** What was loaded, or that it is being loaded, or why not. */
export function Shown<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }) {
  const { data, error, reload } = of;
  return (
    <>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {data === undefined && error === undefined && <p class="loading">Loading…</p>}
      {data !== undefined && children(data)}
    </>
  );
}

/** What went wrong, for people; nothing without an error. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (error === undefined) return null;
  const { title, text, places } = describe(error);
  return (
    <div class="note bad" role="alert">
      <strong>{title}</strong>
      <span>{text}</span>
      {places.map((place) => (
        <span key={place} class="small">
          {place}
        </span>
      ))}
      {error instanceof CarillonError && (
        <span class="small muted">
          <code>{error.code}</code>
          {error.requestId !== undefined && (
            <>
              {' '}
              · request <code>{error.requestId}</code>
            </>
          )}
        </span>
      )}
      {onRetry !== undefined && (
        <div>
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
      {error instanceof CarillonError && error.status === 412 && (
        <div>
          <Button onClick={() => location.reload()}>Load the page anew</Button>
        </div>
      )}
    </div>
  );
}

/** What is wrong with one place of a form, named as a JSON pointer (`/email`); undefined where nothing is. */
export function wrongAt(error: unknown, pointer: string): string | undefined {
  if (!(error instanceof CarillonError)) return undefined;
  return error.errors.find((one) => one.pointer === pointer)?.detail;
}

function describe(error: unknown): { title: string; text: string; places: string[] } {
  if (!(error instanceof CarillonError)) {
    return { title: 'Something went wrong', text: error instanceof Error ? error.message : '', places: [] };
  }
  const places = error.errors.map(({ pointer, detail }) => `${pointer || '/'}: ${detail}`);
  return { title: titleOf(error), text: error.status === 412 ? changedText : error.message, places };
}

const changedText =
  'Nothing of yours was stored, so that their change is not lost. Load the page anew to see it, and make your change again; what you have written here is gone then.';

function titleOf({ code, status }: CarillonError): string {
  if (code === 'client.network') return 'The server cannot be reached';
  if (code === 'client.timeout') return 'The server took too long';
  if (code === 'target.failed') return 'The target did not take it';
  switch (status) {
    case 401:
      return 'You are not signed in any more';
    case 403:
      return 'You may not see or do this';
    case 404:
      return 'It is not there';
    case 409:
      return 'Somebody else was faster';
    case 412:
      return 'Somebody else has changed it meanwhile';
    case 429:
      return 'Too much at once';
    default:
      return (status ?? 0) >= 500 ? 'The server could not do it' : 'This was refused';
  }
}
