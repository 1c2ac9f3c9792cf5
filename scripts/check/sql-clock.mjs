/**
 * Every way to ask PostgreSQL for the time by itself. PostgreSQL manual, section "Current Date/Time".
 */
const bareNow =
  /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(\s*\)|\btimeofday\s*\(\s*\)|\bcurrent_(?:timestamp|date|time)\b|\blocaltime(?:stamp)?\b|'now'\s*::/gi;

// The one place that may: the body of carillon_now() itself, in a dollar-quoted or a SQL-standard form.
const definition =
  /\bcreate\s+(?:or\s+replace\s+)?function\s+(?:"?\w+"?\.)?"?carillon_now"?\s*\(.*?(?:\$(\w*)\$.*?\$\1\$|\bbegin\s+atomic\b.*?\bend\b|\breturn\b[^;]*|'(?:[^']|'')*')/gis;

const comment = /--[^\n]*|\/\*.*?\*\//gs;

/**
 * Finds questions for the time that go past `carillon_now()`. Comments and that function's definition are
 * allowed; offsets are those of the given text.
 *
 * @param {string} sql
 * @returns {{ word: string, offset: number }[]}
 */
export function findBareNow(sql) {
  const blank = (/** @type {string} */ part) => part.replace(/[^\n]/g, ' ');
  const searched = sql.replace(comment, blank).replace(definition, blank);
  return [...searched.matchAll(bareNow)].map((match) => ({ word: match[0], offset: match.index }));
}
