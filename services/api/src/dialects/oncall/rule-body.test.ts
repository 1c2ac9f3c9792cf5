import { describe, expect, it } from '@jest/globals';
import { ruleTypes } from '@carillon/core';
import { OncallRefusal, type OncallError } from './refusal.ts';
import { readChange, readNew } from './rule-body.ts';

const right = { user_id: 'U1', type: 'notify_by_sms' };
const waits = { ...right, type: 'wait' };

function refused(read: () => unknown): OncallError {
  try {
    read();
  } catch (error) {
    if (error instanceof OncallRefusal) return error.body;
    throw error;
  }
  throw new Error('was taken');
}

describe('a body that makes a rule', () => {
  it('needs a user and a type only, and goes to the end of the default list', () => {
    expect(readNew(right)).toEqual({
      ...{ userId: 'U1', important: false, type: 'notify_by_sms', waitSeconds: null, place: { to: 'end' } },
    });
  });

  it('may say all of it, and what nobody knows', () => {
    const body = { ...waits, duration: 900, important: true, position: 3, manual_order: true, team: 'x' };
    expect(readNew(body)).toEqual({
      ...{
        userId: 'U1',
        important: true,
        type: 'wait',
        waitSeconds: 900,
        place: { to: 'swap', position: 3 },
      },
    });
  });

  it.each(ruleTypes)('takes the type %s', (type) => {
    expect(readNew({ ...right, type })).toMatchObject({ type, waitSeconds: type === 'wait' ? 300 : null });
  });

  it.each([60, 300, 900, 1800, 3600])('takes a wait of %s seconds', (duration) => {
    expect(readNew({ ...waits, duration })).toMatchObject({ waitSeconds: duration });
  });

  it.each([
    { name: 'nowhere named', more: {}, place: { to: 'end' } },
    { name: 'nowhere named, by Terraform', more: { manual_order: true }, place: { to: 'end' } },
    { name: 'at -1', more: { position: -1 }, place: { to: 'end' } },
    { name: 'first', more: { position: 0 }, place: { to: 'move', position: 0 } },
    { name: 'far away', more: { position: 2_147_483_647 }, place: { to: 'move', position: 2_147_483_647 } },
    {
      name: 'by Terraform',
      more: { position: 0, manual_order: true },
      place: { to: 'swap', position: 0 },
    },
  ])('places it $name', ({ more, place }) => {
    expect(readNew({ ...right, ...more }).place).toEqual(place);
  });

  const badPosition = { detail: 'Invalid value for position field' };
  it.each<{ name: string; body: unknown; told: OncallError }>([
    { name: 'nothing', body: undefined, told: { user_id: ['This field is required.'] } },
    {
      name: 'a list',
      body: [right],
      told: { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] },
    },
    {
      name: 'null',
      body: null,
      told: { non_field_errors: ['Invalid data. Expected a dictionary, but got null.'] },
    },
    { name: 'no user', body: { type: 'wait' }, told: { user_id: ['This field is required.'] } },
    {
      name: 'null for a user',
      body: { ...right, user_id: null },
      told: { user_id: ['This field may not be null.'] },
    },
    { name: 'no type', body: { user_id: 'U1' }, told: { type: 'Type is required' } },
    { name: 'an empty type', body: { ...right, type: '' }, told: { type: ['This field may not be blank.'] } },
    {
      name: 'null for a type',
      body: { ...right, type: null },
      told: { type: ['This field may not be null.'] },
    },
    { name: 'a type that is no text', body: { ...right, type: {} }, told: { type: ['Not a valid string.'] } },
    { name: 'another type', body: { ...right, type: 'notify_by_fax' }, told: { type: 'Invalid type' } },
    {
      name: "a property's name for a type",
      body: { ...right, type: 'toString' },
      told: { type: 'Invalid type' },
    },
    {
      name: 'another wait',
      body: { ...waits, duration: 120 },
      told: { duration: ['"120" is not a valid choice.'] },
    },
    {
      name: 'a wait of half a second more',
      body: { ...waits, duration: 60.5 },
      told: { duration: ['"60.5" is not a valid choice.'] },
    },
    {
      name: 'a wait as a text',
      body: { ...waits, duration: '300' },
      told: { detail: 'Invalid duration format' },
    },
    {
      name: 'null for a wait',
      body: { ...waits, duration: null },
      told: { detail: 'Invalid duration format' },
    },
    {
      name: 'a wait where none is',
      body: { ...right, duration: 300 },
      told: { duration: "Duration can't be set" },
    },
    {
      name: 'an importance that is none',
      body: { ...right, important: 'yes' },
      told: { important: ['Must be a valid boolean.'] },
    },
    {
      name: 'an order that is none',
      body: { ...right, manual_order: 1 },
      told: { manual_order: ['Must be a valid boolean.'] },
    },
    {
      name: 'a position as a text',
      body: { ...right, position: 'last' },
      told: { position: ['A valid integer is required.'] },
    },
    {
      name: 'half a position',
      body: { ...right, position: 0.5 },
      told: { position: ['A valid integer is required.'] },
    },
    { name: 'a position before the first', body: { ...right, position: -2 }, told: badPosition },
    { name: 'a position too far', body: { ...right, position: 2_147_483_648 }, told: badPosition },
    { name: 'a position out of this world', body: { ...right, position: 1e300 }, told: badPosition },
    {
      name: 'the end, by Terraform',
      body: { ...right, position: -1, manual_order: true },
      told: badPosition,
    },
    {
      name: 'several faults at once',
      body: { type: '', duration: 1, position: 'x', important: null },
      told: {
        duration: ['"1" is not a valid choice.'],
        user_id: ['This field is required.'],
        position: ['A valid integer is required.'],
        type: ['This field may not be blank.'],
        important: ['This field may not be null.'],
      },
    },
  ])('is refused with $name', ({ body, told }) => {
    expect(refused(() => readNew(body))).toEqual(told);
  });
});

describe('a body that changes a rule', () => {
  const same = { type: undefined, waitSeconds: undefined, place: undefined };

  it.each([
    { name: 'nothing', body: undefined, change: same },
    { name: 'an empty object', body: {}, change: same },
    { name: 'user and list, whatever they are', body: { user_id: 7, important: 'no' }, change: same },
    {
      name: 'a wait without its duration',
      body: { type: 'wait' },
      change: { ...same, type: 'wait', waitSeconds: 300 },
    },
    {
      name: 'a wait with its duration',
      body: { type: 'wait', duration: 60 },
      change: { ...same, type: 'wait', waitSeconds: 60 },
    },
    { name: 'a duration alone', body: { duration: 3600 }, change: { ...same, waitSeconds: 3600 } },
    {
      name: 'a step that notifies',
      body: { type: 'notify_by_email' },
      change: { ...same, type: 'notify_by_email', waitSeconds: null },
    },
    { name: 'the end', body: { position: -1 }, change: { ...same, place: { to: 'end' } } },
    { name: 'a place', body: { position: 4 }, change: { ...same, place: { to: 'move', position: 4 } } },
    {
      name: "Terraform's place",
      body: { position: 4, manual_order: true },
      change: { ...same, place: { to: 'swap', position: 4 } },
    },
  ])('may name $name', ({ body, change }) => {
    expect(readChange(body)).toEqual(change);
  });

  it.each<{ name: string; body: unknown; told: OncallError }>([
    { name: 'another type', body: { type: 'x' }, told: { type: 'Invalid type' } },
    { name: 'an empty type', body: { type: '' }, told: { type: ['This field may not be blank.'] } },
    {
      name: 'a wait where none is',
      body: { type: 'notify_by_sms', duration: 60 },
      told: { duration: "Duration can't be set" },
    },
    { name: 'another wait', body: { duration: 61 }, told: { duration: ['"61" is not a valid choice.'] } },
    {
      name: 'a position before the first',
      body: { position: -3 },
      told: { detail: 'Invalid value for position field' },
    },
  ])('is refused with $name', ({ body, told }) => {
    expect(refused(() => readChange(body))).toEqual(told);
  });
});
