import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDeliverJob, parseDispatchJob, parseInboxHint, parseOrganizationHint } from './jobs.ts';

const id = '01981c5e-8f00-7000-8000-000000000001';
const idsOf = (count: number): string[] => Array.from({ length: count }, () => id);

describe('parseDispatchJob', () => {
  it('takes what this version writes, up to 500 ids', () => {
    expect(parseDispatchJob({ v: 1, ids: [id] })).toEqual({ v: 1, ids: [id] });
    expect(parseDispatchJob({ v: 1, ids: idsOf(500) })?.ids).toHaveLength(500);
  });

  it.each([
    { name: 'another version', payload: { v: 2, ids: [id] } },
    { name: 'no version', payload: { ids: [id] } },
    { name: 'content beside the ids', payload: { v: 1, ids: [id], title: 'x' } },
    { name: 'what is no id', payload: { v: 1, ids: ["'; drop table notifications"] } },
    { name: 'no ids', payload: { v: 1, ids: [] } },
    { name: 'more than 500 ids', payload: { v: 1, ids: idsOf(501) } },
    { name: 'text', payload: '{"v":1}' },
    { name: 'nothing', payload: undefined },
  ])('drops $name', ({ payload }) => expect(parseDispatchJob(payload)).toBeUndefined());
});

describe('parseDeliverJob', () => {
  it('takes ids of one kind', () => {
    expect(parseDeliverJob({ v: 1, kind: 'email', ids: [id] })).toEqual({ v: 1, kind: 'email', ids: [id] });
  });

  it.each([
    { name: 'a kind without an adapter', payload: { v: 1, kind: 'pigeon', ids: [id] } },
    { name: 'the inbox, which has no deliveries', payload: { v: 1, kind: 'inbox', ids: [id] } },
    { name: 'no kind', payload: { v: 1, ids: [id] } },
    { name: 'an address', payload: { v: 1, kind: 'email', ids: [id], address: 'x@example.com' } },
  ])('drops $name', ({ payload }) => expect(parseDeliverJob(payload)).toBeUndefined());
});

describe('parseInboxHint', () => {
  it('takes sequences by user', () => {
    expect(parseInboxHint({ v: 1, sequences: { [id]: 7 } })).toEqual({ v: 1, sequences: { [id]: 7 } });
  });

  it.each([
    { name: 'a user that is no id', payload: { v: 1, sequences: { everyone: 1 } } },
    { name: 'a negative sequence', payload: { v: 1, sequences: { [id]: -1 } } },
    { name: 'a sequence with a fraction', payload: { v: 1, sequences: { [id]: 1.5 } } },
    { name: 'nobody', payload: { v: 1, sequences: {} } },
  ])('drops $name', ({ payload }) => expect(parseInboxHint(payload)).toBeUndefined());

  it('neither throws nor takes anything that somebody else made up', () => {
    const parsers = [parseDispatchJob, parseDeliverJob, parseInboxHint, parseOrganizationHint];
    fc.assert(
      fc.property(fc.jsonValue(), (payload) => {
        expect(parsers.filter((parse) => parse(payload) !== undefined)).toEqual([]);
      }),
    );
  });
});

describe('parseOrganizationHint', () => {
  const hint = (moves: unknown) => ({ v: 1, moves });

  it('takes moves of up to 500 users', () => {
    expect(parseOrganizationHint(hint([[id, 6, 7]]))).toEqual(hint([[id, 6, 7]]));
    const many = Array.from({ length: 500 }, () => [id, 0, 1]);
    expect(parseOrganizationHint(hint(many))?.moves).toHaveLength(500);
    expect(parseOrganizationHint(hint([...many, [id, 0, 1]]))).toBeUndefined();
  });

  it.each([
    { name: 'nobody', moves: [] },
    { name: 'a user that is no id', moves: [['everyone', 0, 1]] },
    { name: 'a negative sequence', moves: [[id, -1, 1]] },
    { name: 'a sequence with a fraction', moves: [[id, 0, 1.5]] },
    { name: 'a move without its end', moves: [[id, 0]] },
    { name: 'content beside a move', moves: [[id, 0, 1, 'x']] },
  ])('drops $name', ({ moves }) => expect(parseOrganizationHint(hint(moves))).toBeUndefined());
});
