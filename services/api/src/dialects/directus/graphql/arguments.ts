import { isObject, type QuerySource } from '../query/query-text.ts';

/** Arguments of a field, which GraphQL has checked by the schema. */
export type Arguments = Readonly<Record<string, unknown>>;

const named = ['sort', 'limit', 'offset', 'page', 'search', 'version', 'groupBy'];

/** Arguments that a list takes as a query; null is as good as nothing. */
export function toSource(args: Arguments): QuerySource {
  const given = named.filter((name) => args[name] != null).map((name) => [name, args[name]]);
  const { filter } = args;
  return { ...Object.fromEntries(given), ...(filter != null && { filter: toFilter(filter) }) };
}

/** GraphQL has no brackets in its names: `{timestamp_func: {year: …}}` is what REST calls `{"year(timestamp)": …}`. */
export function toFilter(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(toFilter);
  if (!isObject(given)) return given;
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      const of = /^(\w+)_func$/.exec(name)?.[1];
      if (of === undefined) return [[name, toFilter(value)]];
      const parts = isObject(value) ? Object.entries(value) : [];
      return parts.map(([part, tests]) => [`${part}(${of})`, tests]);
    }),
  );
}
