import { useInsertionEffect, useRef, type RefObject } from 'react';

/**
 * What was given last, for callbacks that run later: so that a function that is written anew at each render does not
 * begin anything anew. It is set before any effect runs; on a server it is what was given first.
 */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}
