import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unsubscribeLinkMarker } from '../unsubscribe/link-marker.ts';
import { createContentCache } from './cache.ts';
import { checkContent, type TemplateContent } from './content.ts';
import { contentLimits, renderNotification, type RenderResult } from './notification.ts';

const cache = createContentCache({ countMax: 100, bytesMax: 1_000_000 });
const context = {
  user: { name: 'Zoë *Z*', locale: 'de-AT', zone: 'Europe/Vienna' },
  organization: { name: 'ACME', locale: 'en', zone: 'UTC' },
  notification: { category: 'billing' },
};

function render(content: Partial<TemplateContent>, data: Record<string, unknown> = {}): RenderResult {
  return renderNotification(cache, { content: { title: 'T', body: '', ...content }, data, context });
}

describe('a notification', () => {
  it('is written for its reader in each of its texts', () => {
    const content = {
      title: '{{actor}} commented',
      body: 'Hello **{{user.name}}**, {{plural n one="# comment" other="# comments"}} at {{time at}}.',
      layout: '{{> @content}}\n\n{{> footer}}',
      partials: { footer: '-- {{organization.name}}, {{notification.category}}' },
      actions: [
        { label: 'Open {{id}}', url: 'https://app.example/{{id}}' },
        { label: '{{#if no}}Never{{/if}}', url: '/x' },
        { label: 'I have it', url: '/{{id}}', type: 'acknowledge' as const },
      ],
      url: '{{link}}',
      icon: '/icons/{{data.icon}}.png',
    };
    const data = {
      actor: '<b>*Ada*</b>',
      n: 2,
      at: '2026-01-01T08:00:00Z',
      id: 'a/b c',
      link: 'https://x.example/?a=1',
      icon: 'i',
    };
    expect(render(content, data)).toEqual({
      outcome: 'rendered',
      title: '<b>*Ada*</b> commented',
      body: 'Hello **Zoë \\*Z\\***, 2 comments at 09\\:00.\n\n-- ACME, billing',
      actions: [
        { label: 'Open a/b c', url: 'https://app.example/a%2Fb%20c' },
        { label: 'I have it', url: '/a%2Fb%20c', type: 'acknowledge' },
      ],
      url: 'https://x.example/?a=1',
      icon: '/icons/i.png',
      missing: [],
      cut: [],
    });
  });

  it('is written in the manner of the organization where the user has none, else in English and UTC', () => {
    const request = { content: { title: '{{time "2026-01-01T08:00:00Z"}}', body: '' }, data: {} };
    const titleFor = (user: object, organization: object) =>
      renderNotification(cache, {
        ...request,
        context: { user: { ...user }, organization: { ...organization } },
      });
    expect(titleFor({ zone: null }, { zone: 'Asia/Tokyo', locale: 'de' })).toMatchObject({ title: '17:00' });
    expect(titleFor({ zone: 'X/Y', locale: '-' }, {})).toMatchObject({
      title: expect.stringMatching(/^8:00\sAM$/),
    });
  });

  it('sees the recipient as user even if data has a user', () => {
    const data = { user: { name: 'other' }, organization: 1 };
    expect(render({ title: '{{user.name}} {{data.user.name}} {{organization.name}}' }, data)).toMatchObject({
      title: 'Zoë *Z* other ACME',
    });
  });

  it('names what was missing over all texts', () => {
    const content = { title: 'T {{a}}', body: '{{b}}{{a}}', url: '/x/{{c}}' };
    expect(render(content)).toMatchObject({ outcome: 'rendered', title: 'T', missing: ['a', 'b', 'c'] });
  });

  it('is refused for what is missing where the template says so', () => {
    expect(render({ title: 'T {{a}}', body: '{{b.c}}', onMissing: 'refuse' }, { b: {} })).toMatchObject({
      outcome: 'failed',
      code: 'template_error',
      detail: 'Data is missing: a, b.c.',
      missing: ['a', 'b.c'],
    });
    expect(render({ title: '{{a}}', onMissing: 'refuse' }, { a: 0 })).toMatchObject({ title: '0' });
  });

  it.each([
    { url: '/{{x}}', x: '', is: '/' },
    { url: '/{{x}}', x: '/evil.example', is: '/%2Fevil.example' },
    { url: 'https://ok.example/{{x}}', x: '../../a?b#c', is: 'https://ok.example/..%2F..%2Fa%3Fb%23c' },
    { url: '{{x}}/more', x: 'https://ok.example', is: 'https://ok.example/more' },
    { url: '{{x}}', x: 'data:text/html,x', is: undefined },
    { url: '{{x}}', x: 'javascript:alert(1)', is: undefined },
  ])('leads from $url with $x to $is', ({ url, x, is }) => {
    expect(render({ url }, { x })).toMatchObject({ outcome: 'rendered', url: is });
  });

  it.each([
    { url: 'javascript:alert(1)', x: '' },
    { url: 'java{{x}}', x: 'script:alert(1)' },
    { url: '//{{x}}', x: 'evil.example' },
    { url: 'https://{{x}}/', x: 'a b' },
    { url: '/{{x}}', x: 'y'.repeat(3_000) },
    { url: 'ftp://x.example', x: '' },
  ])('fails rather than leading where no address may lead: $url', ({ url, x }) => {
    const detail = expect.stringContaining('(url)');
    expect(render({ url }, { x })).toMatchObject({ outcome: 'failed', code: 'template_error', detail });
  });

  it('has one line of title, and texts that are cut at their limits and say so', () => {
    const long = 'ab '.repeat(10_000);
    const content = { title: ' {{x}}\n {{x}}', body: '{{x}}', actions: [{ label: '{{x}}', url: '/' }] };
    const result = render(content, { x: long });
    if (result.outcome === 'failed') throw new Error(result.detail);
    expect(result.cut).toEqual(['title', 'body', 'actions.0.label']);
    expect(Array.from(result.title).length).toBeLessThanOrEqual(contentLimits.titleLengthMax);
    expect(result.title).toMatch(/^ab [^\n]*…$/);
    expect(Buffer.byteLength(result.body)).toBeLessThanOrEqual(contentLimits.bodyBytesMax);
    expect(result.body).toMatch(/ ab …$/);
    expect(result.actions[0]?.label.length).toBeLessThanOrEqual(contentLimits.labelLengthMax);
  });

  it('fails without a title, and when a text does not compile, with the place', () => {
    expect(render({ title: '{{a}}' })).toMatchObject({ detail: 'The title came out empty.', missing: ['a'] });
    expect(render({ body: 'x\n{{#if}}{{/if}}', url: '{{{u}}}' })).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('(body, line 2, column 1)'),
      problems: [{ source: 'body' }, { source: 'url', code: 'template.triple' }],
    });
  });

  it('never throws and keeps its limits, whatever the data', () => {
    const content = {
      title: 'x{{a}}',
      body: '{{a}}{{#each a}}{{this}}{{@key}}{{/each}}',
      url: '{{a}}',
      onMissing: 'empty' as const,
    };
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }), (a) => {
        const result = render(content, { a });
        fc.pre(result.outcome === 'rendered');
        expect(result.title).not.toMatch(/[\n\r]/);
        expect(Buffer.byteLength(result.body)).toBeLessThanOrEqual(contentLimits.bodyBytesMax);
        expect(result.url ?? '/').toMatch(/^(?:https?:\/\/|mailto:|\/(?!\/))/i);
      }),
    );
  });
});

describe('the check of a content', () => {
  it('lists the problems of all texts once, or the variables of all', () => {
    const partials = { p: '{{nope 1}}' };
    expect(checkContent({ title: '{{> p}}', body: '{{> p}}\n{{{x}}}', partials }).problems).toMatchObject([
      { source: 'partials.p' },
      { source: 'body', line: 2 },
    ]);
    const actions = [{ label: '{{c}}', url: '/{{a}}' }];
    expect(checkContent({ title: '{{b}}', body: '{{a}}', actions })).toEqual({
      problems: [],
      variables: ['a', 'b', 'c'],
    });
  });
});

describe('the cache of compiled contents', () => {
  it('gives equal sources the same compiled content and keeps those used last', () => {
    const small = createContentCache({ countMax: 2, bytesMax: 1_000_000 });
    const make = (title: string): TemplateContent => ({ title, body: '' });
    const first = small.compiled(make('a'));
    small.compiled(make('b'));
    expect(small.compiled(make('a'))).toBe(first);
    small.compiled(make('c'));
    expect(small.compiled(make('a'))).toBe(first);
    small.compiled(make('b'));
    small.compiled(make('c'));
    expect(small.compiled(make('a'))).not.toBe(first);
  });

  it('keeps no more than its memory', () => {
    const tiny = createContentCache({ countMax: 100, bytesMax: 5_000 });
    const small = { title: 'a', body: '' };
    const first = tiny.compiled(small);
    tiny.compiled({ title: 'b', body: 'x'.repeat(6_000) });
    expect(tiny.compiled(small)).not.toBe(first);
  });
});

describe('the page of a mail', () => {
  const mailLayout =
    '<title>{{notification.title}}</title><p lang="{{user.locale}}">{{who}}</p>{{> @content}}' +
    '{{#each notification.actions}}<a href="{{url}}">{{label}}</a>{{/each}}' +
    '<a href="{{notification.unsubscribe_url}}">{{notification.category}}</a>';
  const page = (content: Partial<TemplateContent>, data: Record<string, unknown> = {}): string => {
    const result = render({ mailLayout, ...content }, data);
    return result.outcome === 'rendered' ? (result.page ?? 'none') : result.detail;
  };

  it('stands around the body, and knows title, buttons and where to unsubscribe', () => {
    const actions = [{ label: 'Open {{who}}', url: 'https://app.example/{{who}}' }];
    expect(page({ title: 'Hi', body: '**{{who}}**', actions }, { who: 'Ada' })).toBe(
      '<title>Hi</title><p lang="de-AT">Ada</p><p><strong>Ada</strong></p>' +
        '<a href="https://app.example/Ada">Open Ada</a>' +
        `<a href="${unsubscribeLinkMarker}">billing</a>`,
    );
  });

  it('shows what comes from data as nothing but text', () => {
    const hostile = `"><script>alert(1)</script>{{> @content}}\u202e`;
    const shown = page({ title: '{{who}}', body: '{{who}} [x]({{who}})' }, { who: hostile });
    expect(shown).not.toMatch(/<script|\u202e|"><[^a/pt]/);
    expect(shown).toContain('&quot;&gt;&lt;script&gt;');
  });

  it('is there only where there is a layout for mails', () => {
    expect(render({ title: 'Hi' })).not.toHaveProperty('page');
  });

  it('names what it has no data for, and fails where that is refused or it is too long', () => {
    expect(render({ mailLayout }, {})).toMatchObject({ missing: ['who'] });
    expect(render({ mailLayout, onMissing: 'refuse' }, {})).toMatchObject({
      outcome: 'failed',
      missing: ['who'],
    });
    const long = `${mailLayout}{{#each list}}${'x'.repeat(1_000)}{{/each}}`;
    expect(render({ mailLayout: long }, { list: Array(300).fill(1) })).toMatchObject({
      detail: 'The text became longer than 262144 bytes. (mail_layout)',
    });
  });

  it('is compiled from as much HTML as a layout becomes', () => {
    const large = `${mailLayout}<p>${'x'.repeat(200_000)}</p>`;
    expect(render({ mailLayout: large }, { who: 'Ada' }).outcome).toBe('rendered');
    expect(checkContent({ title: 'x', body: '', mailLayout: `${large}${large}` }).problems).toMatchObject([
      { source: 'mail_layout', code: 'template.too_large' },
    ]);
    expect(checkContent({ title: 'x', body: '', mailLayout }).variables).toContain('who');
  });
});
