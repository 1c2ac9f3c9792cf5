import type { Answer, Route } from './route.ts';

/** Headers of an answer about something that has an ETag. */
export const tagged = {
  ETag: 'Names the state that is shown: send it as `If-Match` with a change, as `If-None-Match` with the next read.',
} as const;

/** For a GET that takes `If-None-Match`. */
export const notModified: Answer = {
  description: 'It is as the ETag in `If-None-Match` says.',
  headers: tagged,
};

/** Whether a call takes `If-None-Match`: who has seen what it would answer gets 304. */
export function takesIfNoneMatch({ responses }: Pick<Route, 'responses'>): boolean {
  return responses[304] !== undefined;
}

/** Whether a call takes `If-Match`: a change that was meant for another state is refused with 412. */
export function takesIfMatch({ problems }: Pick<Route, 'problems'>): boolean {
  return problems?.includes(412) === true;
}
