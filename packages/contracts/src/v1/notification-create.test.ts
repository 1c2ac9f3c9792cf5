import { describe, expect, it } from '@jest/globals';
import { contentLimits } from '@carillon/core';
import { compileRoute } from '../validate.ts';
import { Action, contentFields, givenByTemplate } from './content.ts';
import { createNotification, createNotificationBatch } from './notification-create.ts';

const single = compileRoute(createNotification);
const batch = compileRoute(createNotificationBatch);
const to = ['external:ada'];

describe('a create call', () => {
  it.each([
    { name: 'a title', body: { to, title: 'T' } },
    {
      name: 'a title with everything',
      body: { to, title: 'T', body: 'B', category: 'c', url: '/', icon: '/' },
    },
    { name: 'the key of a template', body: { to, template: 'build-failed', data: { n: 1 }, urgent: true } },
    {
      name: 'labels',
      body: { to, title: 'T', labels: { a: '', 'b c': 'x'.repeat(4_096) } },
    },
    { name: 'the id of a template', body: { to, template: '01981c5e-8f00-7000-8000-00000000000d' } },
  ])('takes $name', ({ body }) => expect(single.body(body)).toMatchObject({ ok: true }));

  it('refuses one with neither title nor template, and says which place', () => {
    expect(single.body({ to })).toEqual({
      ok: false,
      errors: [{ pointer: '/title', detail: 'is required' }],
    });
  });

  it.each(givenByTemplate)('refuses `%s` beside a template, and points to it', (name) => {
    const value = name === 'actions' ? [] : name === 'url' || name === 'icon' ? '/x' : 'x';
    const wrong = { to, template: 'build-failed', [name]: value };
    const detail = 'comes from the template: leave it out, or leave out `template`';
    expect(single.body(wrong)).toEqual({ ok: false, errors: [{ pointer: `/${name}`, detail }] });
    expect(batch.body({ notifications: [{ to, title: 'T' }, wrong] })).toEqual({
      ok: false,
      errors: [{ pointer: `/notifications/1/${name}`, detail }],
    });
  });

  it.each(['Build', 'a b', '', '-a', 'a/b', '01981c5e-8f00-7000-8000-00000000000'])(
    'refuses %j as a template',
    (template) => expect(single.body({ to, template })).toMatchObject({ ok: false }),
  );
});

describe('labels of a create call', () => {
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`l${index}`, '']));
  it.each([
    { name: 'a list', labels: ['x'], at: '/labels', detail: 'must be an object' },
    { name: 'a number as value', labels: { n: 1 }, at: '/labels/n', detail: 'must be a text' },
    {
      name: 'a value of more than 4 KiB',
      labels: { n: 'ä'.repeat(2_049) },
      ...{ at: '/labels/n', detail: 'must have at most 4096 bytes in UTF-8' },
    },
    { name: 'more than 64', labels: many, at: '/labels', detail: 'must have at most 64 labels' },
    {
      name: 'a name of more than 100 characters',
      labels: { ['x'.repeat(101)]: '' },
      ...{ at: '/labels', detail: 'must have names of 1 to 100 characters' },
    },
  ])('are refused for $name, with the place and what would be right', ({ labels, at, detail }) => {
    expect(single.body({ to, title: 'T', labels })).toEqual({
      ok: false,
      errors: [{ pointer: at, detail }],
    });
  });
});

describe('texts of templates', () => {
  it('are cut where the texts of create calls end', () => {
    const { title, body, url, icon } = contentFields;
    const { label, url: actionUrl } = Action.properties;
    expect({
      titleLengthMax: limitOf(title, 'maxLength'),
      bodyBytesMax: limitOf(body, 'x-max-bytes'),
      labelLengthMax: limitOf(label, 'maxLength'),
      urlLengthMax: limitOf(url, 'maxLength'),
    }).toEqual(contentLimits);
    expect([icon, actionUrl].map((schema) => limitOf(schema, 'maxLength'))).toEqual(
      Array(2).fill(contentLimits.urlLengthMax),
    );
  });
});

function limitOf(schema: object, keyword: string): unknown {
  return (schema as Record<string, unknown>)[keyword];
}
