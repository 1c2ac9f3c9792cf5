/**
 * What `make` gives, made when it is first asked for and kept. A validator takes milliseconds to compile, and
 * a process or a test uses few of those that it imports. When `make` throws, the next call tries again.
 */
export function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
