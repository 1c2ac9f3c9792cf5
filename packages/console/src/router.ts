import { useEffect, useState } from 'preact/hooks';

/** Where in the console somebody is: what stands after the `#`. */
export interface Place {
  /** Begins with a slash. */
  path: string;
  query: URLSearchParams;
}

/** Values of a query; what is undefined or empty is left out. */
export type QueryValues = Readonly<Record<string, string | undefined>>;

export function readPlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s);
  return { path: path.startsWith('/') ? path : `/${path}`, query: new URLSearchParams(query) };
}

/** The address of a place, for `href`: `hrefTo('/deliveries', { state: 'dead' })` is `#/deliveries?state=dead`. */
export function hrefTo(path: string, query: QueryValues = {}): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) pairs.set(name, value);
  return `#${path}${pairs.size === 0 ? '' : `?${pairs.toString()}`}`;
}

/** Goes there, so that the browser's "back" comes back here. */
export function goTo(path: string, query: QueryValues = {}): void {
  location.hash = hrefTo(path, query);
}

/** Goes there in the place of here: for filters that are being typed. */
export function replaceWith(path: string, query: QueryValues = {}): void {
  location.replace(hrefTo(path, query));
}

/** The present place; renders again when it changes. */
export function usePlace(): Place {
  const [, setHash] = useState(location.hash);
  useEffect(() => {
    const onChange = (): void => setHash(location.hash);
    addEventListener('hashchange', onChange);
    // Somebody may have gone on since this was drawn, before there was a listener.
    onChange();
    return () => removeEventListener('hashchange', onChange);
  }, []);
  // Not what was kept: whoever renders first after a change is to see the same as who renders last.
  return readPlace(location.hash);
}

/** The parameters of a path that fits a pattern such as `/users/:id`; undefined for one that does not. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/(?<=.)\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== text) return undefined;
      continue;
    }
    const value = decode(text);
    if (value === '') return undefined;
    params[part.slice(1)] = value;
  }
  return params;
}

/** Somebody may have typed it: what is not properly escaped is no parameter. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
