import { invalidPayload } from '../errors.ts';
import { rowsMax } from '../query/read-query.ts';

/** What the operations of one request share, so that one request costs what one request over REST does. */
export interface RequestBudget {
  /** One thing after the other: fields are resolved at once, and would take a connection each. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Rows that may still be read or written. */
  rowsLeft(): number;
  /** Throws DirectusError when there are not so many left. */
  spend(rows: number): void;
}

export function createBudget(): RequestBudget {
  let last: Promise<unknown> = Promise.resolve();
  let left = rowsMax;
  return {
    inTurn(work) {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
    rowsLeft: () => left,
    spend(rows) {
      if (rows > left) throw invalidPayload(`One request may read and write ${rowsMax} items in all`);
      left -= rows;
    },
  };
}
