import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { channelKinds } from '@carillon/core';
import { compileRoute } from './validate.ts';
import { cancelNotification } from './v1/notifications.ts';
import { createNotification, createNotificationBatch } from './v1/notification-create.ts';
import { dismissInboxItem, listInbox } from './v1/inbox.ts';
import { createUser, getUser } from './v1/users.ts';
import { testChannel } from './v1/channels.ts';
import { v1Routes } from './v1/routes.ts';

const create = compileRoute(createNotification);
const minimal = { to: ['external:ada'], title: 'Hello' };
const errorsOf = (body: unknown) => {
  const checked = create.body(body);
  return checked.ok ? [] : checked.errors;
};

describe('body', () => {
  it('gives the very value back, without defaults filled in', () => {
    const body = Object.freeze({ ...minimal });
    const checked = create.body(body);
    expect(checked).toEqual({ ok: true, value: { to: ['external:ada'], title: 'Hello' } });
    expect(checked.ok && checked.value).toBe(body);
  });

  it.each([
    {
      name: 'a mistyped field',
      change: { titel: 'x' },
      pointer: '/titel',
      detail: 'unknown field; did you mean `title`?',
    },
    {
      name: 'a field nested in a list',
      change: { to: [{ emial: 'a@example.com' }] },
      pointer: '/to/0/emial',
      detail: 'unknown field; did you mean `email`?',
    },
    {
      name: 'a field that resembles nothing',
      change: { actions: [{ label: 'x', url: '/', colour: 'red' }] },
      pointer: '/actions/0/colour',
      detail: 'unknown field; known are `label`, `url`, `type`',
    },
    {
      name: 'a key with characters that pointers escape',
      change: { 'a/b~c': 1 },
      pointer: '/a~1b~0c',
      detail: expect.stringMatching(/^unknown field/),
    },
    { name: 'a missing field', change: { title: undefined }, pointer: '/title', detail: 'is required' },
    { name: 'an empty text', change: { title: '' }, pointer: '/title', detail: 'must not be empty' },
    {
      name: 'a long text',
      change: { title: 'x'.repeat(201) },
      pointer: '/title',
      detail: 'must have at most 200 characters',
    },
    {
      name: 'a text of many bytes',
      change: { body: '💥'.repeat(5000) },
      pointer: '/body',
      detail: 'must have at most 16384 bytes in UTF-8',
    },
    {
      name: 'large data',
      change: { data: { a: 'x'.repeat(65_536) } },
      pointer: '/data',
      detail: 'must have at most 65536 bytes as JSON',
    },
    {
      name: 'a word that is not of the list',
      change: { channels: ['pigeon'] },
      pointer: '/channels/0',
      detail: `must be one of ${channelKinds.map((kind) => `\`${kind}\``).join(', ')}`,
    },
    {
      name: 'a kind named twice',
      change: { channels: ['email', 'email'] },
      pointer: '/channels',
      detail: 'must not name anything twice',
    },
    {
      name: 'a text where true or false stands',
      change: { urgent: 'yes' },
      pointer: '/urgent',
      detail: 'must be true or false',
    },
    { name: 'null where a text stands', change: { url: null }, pointer: '/url', detail: 'must be a text' },
    {
      name: 'a dangerous link',
      change: { url: 'javascript:alert(1)' },
      pointer: '/url',
      detail: expect.stringMatching(/^must be an http, https or mailto URL/),
    },
    {
      name: 'a day that does not exist',
      change: { expires_at: '2026-02-30T00:00:00Z' },
      pointer: '/expires_at',
      detail: expect.stringMatching(/^must be an instant in ISO 8601/),
    },
    {
      name: 'a recipient of no known form',
      change: { to: ['ada'] },
      pointer: '/to/0',
      detail: expect.stringMatching(/^must be a user id, `external:<id>`/),
    },
    {
      name: 'a recipient named in two ways',
      change: { to: [{ id: '01981c5e-8f00-7000-8000-000000000001', external_id: 'ada' }] },
      pointer: '/to/0',
      detail: expect.stringMatching(/^must be a user id/),
    },
    {
      name: 'a recipient without a name',
      change: { to: [{}] },
      pointer: '/to/0',
      detail: expect.stringMatching(/^must be a user id/),
    },
    { name: 'nobody', change: { to: [] }, pointer: '/to', detail: 'must not be empty' },
    {
      name: 'more than 1,000 recipients',
      change: { to: Array.from({ length: 1001 }, (_, i) => `external:${i}`) },
      pointer: '/to',
      detail: 'must have at most 1000 items',
    },
    {
      name: 'U+0000 in a text',
      change: { title: 'a\0b' },
      pointer: '/title',
      detail: 'must not contain U+0000 or half a surrogate pair',
    },
    {
      name: 'half a surrogate pair deep in data',
      change: { data: { a: ['\ud83d'] } },
      pointer: '/data/a/0',
      detail: 'must not contain U+0000 or half a surrogate pair',
    },
  ])('names $name and says what would be right', ({ change, pointer, detail }) => {
    expect(errorsOf({ ...minimal, ...change })).toEqual([{ pointer, detail }]);
  });

  it.each([
    { name: 'text', body: 'x' },
    { name: 'null', body: null },
    { name: 'a list', body: [] },
    { name: 'nothing', body: undefined },
  ])('refuses $name in the place of the body', ({ body }) => {
    expect(errorsOf(body)).toEqual([{ pointer: '', detail: 'must be an object' }]);
  });

  it('refuses a key named __proto__ wherever it stands', () => {
    const body: unknown = JSON.parse(
      '{"to":["external:ada"],"title":"x","data":{"a":{"__proto__":{"admin":true}}}}',
    );
    expect(errorsOf(body)).toEqual([{ pointer: '/data/a/__proto__', detail: 'is a name that is not taken' }]);
  });

  it('refuses nesting deeper than 32 levels', () => {
    let data: Record<string, unknown> = {};
    for (let depth = 0; depth < 10_000; depth += 1) data = { a: data };
    expect(errorsOf({ ...minimal, data })).toEqual([
      { pointer: `/data${'/a'.repeat(31)}`, detail: 'must not be nested deeper than 32 levels' },
    ]);
  });

  it('names all faults of a small body, and never a value', () => {
    const errors = errorsOf({ to: ['secret-1'], title: 5, url: 'secret-2', kind: 'secret-3' });
    expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual(['/kind', '/title', '/to/0', '/url']);
    expect(JSON.stringify(errors)).not.toContain('secret');
  });

  it('names 20 faults at most', () => {
    expect(errorsOf({ ...minimal, to: Array.from({ length: 900 }, () => 'x') })).toHaveLength(20);
  });

  it('tells a huge body only its first fault, in bounded time', () => {
    const batch = compileRoute(createNotificationBatch);
    const notifications = Array.from({ length: 500 }, () => ({
      to: Array.from({ length: 250 }, () => ({ i: 1 })),
    }));
    expect(batch.body({}).ok).toBe(false); // Both validators are compiled by now.
    const startedMs = performance.now();
    const checked = batch.body({ notifications });
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(checked.ok ? [] : checked.errors).toHaveLength(1);
  });

  it('takes no body for an empty object where every field is optional', () => {
    expect(compileRoute(cancelNotification).body(undefined)).toEqual({ ok: true, value: {} });
  });

  it('takes none, or an empty object, where the call has no body', () => {
    const { body } = compileRoute(dismissInboxItem);
    expect(body(undefined)).toEqual({ ok: true, value: undefined });
    expect(body({})).toEqual({ ok: true, value: undefined });
    expect(body({ force: true })).toEqual({
      ok: false,
      errors: [{ pointer: '/force', detail: 'unknown field; none is taken here' }],
    });
  });

  it('names what must stand together, and what must not', () => {
    expect(compileRoute(createUser).body({ name: 'Ada' })).toMatchObject({
      errors: [{ pointer: '', detail: 'must have `external_id`, `email` or `username`' }],
    });
    const both = { contact_point_id: '01981c5e-8f00-7000-8000-000000000001', address: 'ada@example.com' };
    expect(compileRoute(testChannel).body(both)).toMatchObject({
      errors: [{ pointer: '', detail: 'must name `contact_point_id` or `address`, not both' }],
    });
  });
});

describe('query', () => {
  const { query } = compileRoute(listInbox);

  it('fills in types and defaults on a copy', () => {
    const raw = Object.freeze({ limit: '5' });
    expect(query(raw)).toEqual({ ok: true, value: { limit: 5, status: 'all' } });
    expect(query({})).toEqual({ ok: true, value: { limit: 25, status: 'all' } });
  });

  it.each([
    { raw: { limit: '101' }, pointer: '/query/limit', detail: 'must be at most 100' },
    { raw: { limit: 'ten' }, pointer: '/query/limit', detail: 'must be a whole number' },
    {
      raw: { status: 'new' },
      pointer: '/query/status',
      detail: 'must be one of `unread`, `read`, `all`, `archived`',
    },
    {
      raw: { statsu: 'all' },
      pointer: '/query/statsu',
      detail: 'unknown query parameter; did you mean `status`?',
    },
    { raw: { category: ['a', 'b'] }, pointer: '/query/category', detail: 'must be a text' },
    {
      raw: { cursor: 'a b' },
      pointer: '/query/cursor',
      detail: 'must be a cursor as an earlier answer gave it',
    },
    {
      raw: { category: 'a\0' },
      pointer: '/query/category',
      detail: 'must not contain U+0000 or half a surrogate pair',
    },
  ])('names what is wrong in $raw', ({ raw, pointer, detail }) => {
    expect(query(raw)).toEqual({ ok: false, errors: [{ pointer, detail }] });
  });
});

describe('params', () => {
  const { params } = compileRoute(getUser);

  it.each(['me', 'external:ada', 'external:a/b c', '01981c5e-8f00-7000-8000-000000000001'])(
    'takes %s',
    (id) => {
      expect(params({ id })).toEqual({ ok: true, value: { id } });
    },
  );

  it.each(['', 'ada', 'external:', 'ME', '1 or 1=1', `external:${'x'.repeat(256)}`])('refuses "%s"', (id) => {
    expect(params({ id })).toMatchObject({ ok: false, errors: [{ pointer: '/path/id' }] });
  });
});

describe('every route', () => {
  const withBody = v1Routes.filter((route) => route.body !== undefined);

  /** The pointers of all objects of a value, but for those whose fields are the caller's own. */
  function objectsOf(value: unknown, pointer = ''): string[] {
    if (typeof value !== 'object' || value === null) return [];
    const inside = Object.entries(value).flatMap(([key, field]) =>
      ['data', 'profile', 'settings', 'data_schema', 'sample_data'].includes(key)
        ? []
        : objectsOf(field, `${pointer}/${key}`),
    );
    return Array.isArray(value) ? inside : [pointer, ...inside];
  }

  function withExtra(value: unknown, pointer: string, key: string): unknown {
    const copy: unknown = structuredClone(value);
    let place = copy as Record<string, unknown>;
    for (const part of pointer.split('/').slice(1)) place = place[part] as Record<string, unknown>;
    place[key] = 1;
    return copy;
  }

  it.each(withBody)('$operationId refuses one more field anywhere, and names it', (route) => {
    const example = route.example?.body;
    const { body } = compileRoute(route);
    fc.assert(
      fc.property(
        fc.constantFrom(...objectsOf(example)),
        fc.stringMatching(/^x[a-z0-9_]{3,30}$/),
        (pointer, key) => {
          const checked = body(withExtra(example, pointer, key));
          const pointers = checked.ok ? [] : checked.errors.map((error) => error.pointer);
          expect(pointers).toEqual([`${pointer}/${key}`]);
        },
      ),
      { numRuns: 50 },
    );
  });

  // Half surrogate pairs too. fast-check's own unit for this, `binary`, fills a table of a million first.
  const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((point) => String.fromCodePoint(point));

  it.each(withBody)('$operationId neither throws nor takes what is no object', (route) => {
    const { body } = compileRoute(route);
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: anyCharacter }), fc.double(), fc.boolean(), fc.array(fc.jsonValue())),
        (raw) => {
          expect(body(raw).ok).toBe(false);
        },
      ),
    );
  });

  it.each(v1Routes)('$operationId refuses a query parameter that it does not name', (route) => {
    expect(compileRoute(route).query({ ...route.example?.query, surprise: '1' })).toMatchObject({
      ok: false,
      errors: [{ pointer: '/query/surprise' }],
    });
  });
});
