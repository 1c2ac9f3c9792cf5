import { createElement, useEffect, useMemo, useRef, type CSSProperties, type ReactElement } from 'react';
import type { Action, ConnectionStatus, InboxItem, TokenSource } from '@carillon/client';
import type { CarillonInbox, InboxTexts } from '@carillon/inbox';
import { useLatest } from './latest.ts';
import { useSource, type Source } from './session.ts';

export interface BellProps {
  /** Base of the API; that of the provider unless told. */
  url?: string;
  /** A token of the user, or what gets one; that of the provider unless told. */
  token?: TokenSource;
  /** Items of a page; 25 unless told. */
  limit?: number;
  /** The inbox itself, without a bell before it. */
  inline?: boolean;
  /** Whether pictures of other sites may be loaded. */
  images?: boolean;
  /** Texts in the place of the element's own. Give the same object as long as they are the same. */
  texts?: Partial<InboxTexts>;
  /** `auto` is what the device wants; unless told, the colours are those of the page around it. */
  theme?: 'light' | 'dark' | 'auto';
  lang?: string;
  id?: string;
  className?: string;
  style?: CSSProperties;
  /** Somebody opens an item; false keeps its link from being followed: for a router of your own. */
  onOpenItem?: (item: InboxItem) => boolean | void;
  /** Somebody presses a button of an item; false keeps its link from being followed. */
  onAction?: (item: InboxItem, action: Action) => boolean | void;
  onArrive?: (items: readonly InboxItem[]) => void;
  onConnection?: (status: ConnectionStatus) => void;
}

/**
 * `<carillon-inbox>` as a component. The element is loaded when the page has come to life in a browser; until then,
 * and on a server, there is an empty element in its place. The token is never in the page's HTML.
 */
export function Bell(props: BellProps): ReactElement {
  const { url, token } = useBellSource(props);
  const { limit = 25, inline = false, images = false, texts, theme, lang, id, className, style } = props;
  const ref = useRef<CarillonInbox>(null);
  useEffect(() => {
    void import('@carillon/inbox');
  }, []);
  // Before the element's code is there, these wait on the element for it.
  useEffect(() => {
    if (ref.current !== null) Object.assign(ref.current, { url, token, limit });
  }, [url, token, limit]);
  useEffect(() => {
    if (ref.current !== null) Object.assign(ref.current, { inline, images, texts: texts ?? {} });
  }, [inline, images, texts]);
  useBellEvents(ref, props);
  return createElement('carillon-inbox', { ref, id, theme, lang, style, class: className });
}

/** Where the bell asks. Throws when neither it nor a provider around it says that. */
function useBellSource({ url, token }: BellProps): Source {
  const around = useSource();
  const latest = useLatest(token);
  const isFunction = typeof token === 'function';
  const own = useMemo(
    () => (isFunction ? () => callOf(latest.current) : token),
    [isFunction, isFunction ? undefined : token, latest],
  );
  const found = { url: url ?? around?.url, token: own ?? around?.token };
  if (found.url === undefined || found.token === undefined) {
    throw new Error('Give <Bell> a `url` and a `token`, or a <CarillonProvider> with both around it');
  }
  return { url: found.url, token: found.token };
}

function callOf(token: TokenSource | undefined): string | Promise<string> {
  return typeof token === 'function' ? token() : (token ?? '');
}

interface Told {
  item: InboxItem;
  items: readonly InboxItem[];
  action: Action;
}

function useBellEvents(ref: { readonly current: CarillonInbox | null }, props: BellProps): void {
  const latest = useLatest(props);
  useEffect(() => {
    const element = ref.current;
    const leaving = new AbortController();
    const { signal } = leaving;
    element?.addEventListener(
      'carillon-open',
      (event) => {
        if (latest.current.onOpenItem?.(detailOf<Told>(event).item) === false) event.preventDefault();
      },
      { signal },
    );
    element?.addEventListener(
      'carillon-action',
      (event) => {
        const { item, action } = detailOf<Told>(event);
        if (latest.current.onAction?.(item, action) === false) event.preventDefault();
      },
      { signal },
    );
    element?.addEventListener(
      'carillon-arrived',
      (event) => latest.current.onArrive?.(detailOf<Told>(event).items),
      { signal },
    );
    element?.addEventListener(
      'carillon-connection',
      (event) => latest.current.onConnection?.(detailOf<ConnectionStatus>(event)),
      { signal },
    );
    return () => leaving.abort();
  }, [ref, latest]);
}

/** A border: the events of the element carry what docs/inbox.md says. */
function detailOf<T>(event: Event): T {
  return (event as CustomEvent<T>).detail;
}
