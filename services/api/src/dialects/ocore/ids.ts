const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** An id no row has: what is no id at all is answered as an id that is unknown, and never reaches the database as text. */
const nobodys = '00000000-0000-0000-0000-000000000000';

/** The id that a path or a query names. */
export function idOf(text: string | undefined): string {
  return text !== undefined && uuid.test(text) ? text.toLowerCase() : nobodys;
}
