import { useEffect, useState } from 'preact/hooks';
import type { Carillon } from '@carillon/client';
import { useLoad, type Loaded, type LoadOptions } from './load.ts';
import { replaceWith, usePlace } from './router.ts';
import { useSettled } from './settled.ts';

/** Filters live in the address: a change begins at the first page again. */
export function useFilters(): {
  valueOf(name: string): string;
  set(name: string, value: string): void;
  /** Whether any of these is set. */
  isAny(names: readonly string[]): boolean;
  clear(): void;
} {
  const { path, query } = usePlace();
  return {
    valueOf: (name) => query.get(name) ?? '',
    set(name, value) {
      replaceWith(path, { ...Object.fromEntries(query), [name]: value, cursor: undefined });
    },
    isAny: (names) => names.some((name) => query.has(name)),
    clear: () => replaceWith(path),
  };
}

/** A list as far as the filters in the address let it through. */
export interface FilteredList<Page> {
  list: Loaded<Page>;
  /** The filters that are set, as the API names them. */
  filter: Readonly<Record<string, string>>;
  isFiltered: boolean;
}

/**
 * Loads that part of a list which the query of a page asks for: by the filters of these names, and by the cursor.
 * `asked` holds those that are set.
 */
export function useFilteredList<Page>(
  query: URLSearchParams,
  names: readonly string[],
  load: (api: Carillon, asked: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Page>,
  options: LoadOptions = {},
): FilteredList<Page> {
  const among = (wanted: readonly string[]): Record<string, string> =>
    Object.fromEntries(wanted.filter((name) => query.has(name)).map((name) => [name, query.get(name) ?? '']));
  const filter = among(names);
  const asked = among([...names, 'cursor']);
  const list = useLoad(
    (api, signal) => load(api, asked, signal),
    [new URLSearchParams(asked).toString()],
    options,
  );
  return { list, filter, isFiltered: Object.keys(filter).length > 0 };
}

/** The shortest text that the API searches for. */
export const searchLengthMin = 2;

interface TypedFilterOptions {
  /** What is shorter filters nothing. */
  lengthMin?: number;
  /** Told what was typed before it filters anything; true says that it is no filter. */
  takes?: (text: string) => boolean;
}

/** A filter that is typed: what its field shows, which becomes part of the address when the typing rests. */
export function useTypedFilter(
  name: string,
  { lengthMin = 0, takes }: TypedFilterOptions = {},
): { value: string; onValue: (value: string) => void } {
  const filters = useFilters();
  const [value, onValue] = useState(filters.valueOf(name));
  const settled = useSettled(value.trim(), 300);
  useEffect(() => {
    if (takes?.(settled) === true) return;
    const wanted = settled.length < lengthMin ? '' : settled;
    if (wanted !== filters.valueOf(name)) filters.set(name, wanted);
  }, [settled]);
  return { value, onValue };
}
