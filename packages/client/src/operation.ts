export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Of a call what it takes to make it. A test compares each with the contract of its name. */
export interface Operation {
  method: Method;
  /** With parameters in braces. */
  path: string;
  /** What an `Idempotency-Key` does: the client makes one where it is `stored`. Of POSTs only. */
  key?: 'stored' | 'natural' | 'unsupported';
  /** Statuses beside 2xx whose body is the answer and no problem. */
  alsoAnswers?: readonly number[];
  /** Whether the answer is a text instead of JSON. */
  answersText?: true;
}
