import { unsubscribeLinkMarker } from '@carillon/core';
import { buildMessage } from '@carillon/testkit';
import { describe, expect, it } from '@jest/globals';
import { composeMail } from './compose.ts';

const publicUrl = 'https://carillon.example.org/base/';
const unsubscribe = { label: 'Unsubscribe', href: 'https://carillon.example.org/u/a&b', isShown: false };
const compose = (changes: Parameters<typeof buildMessage>[0], isShown = false) =>
  composeMail(buildMessage(changes), publicUrl, { ...unsubscribe, isShown });
const withUrl = (url: string) => compose({ notification: { url, actions: [] } });

describe('the text of a mail', () => {
  it('begins with the title and ends with the links', () => {
    expect(compose({}).text).toBe(
      [
        'Build 7 failed',
        '',
        'The build of main failed in step test.',
        '',
        'See the log: https://carillon.example.org/builds/7/log',
        'Open: https://ci.example.org/builds/7',
      ].join('\n'),
    );
  });

  it('has no trailing emptiness without text and links', () => {
    expect(compose({ text: '', notification: { url: null, actions: [] } }).text).toBe('Build 7 failed');
  });
});

describe('the HTML of a mail', () => {
  it('shows the title as a heading, the body as it was rendered, and the actions as links', () => {
    const { html } = compose({});
    expect(html).toMatch(/<h1[^>]*>Build 7 failed<\/h1>/);
    expect(html).toContain('<p>The build of <strong>main</strong> failed in step test.</p>');
    expect(html).toContain(
      '<a href="https://carillon.example.org/builds/7/log" rel="noopener noreferrer">See the log</a>',
    );
  });

  it('escapes titles, labels and links', () => {
    const { html } = compose({
      title: `<script>alert('1')</script> & "more"`,
      notification: { url: 'https://example.org/?a="><b>&c', actions: [{ label: '<i>x</i>', url: '/a' }] },
    });
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<i>');
    expect(html).not.toContain('<b>');
    expect(html).toContain('&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;more&quot;');
  });

  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' java\nscript:alert(1)',
    'data:text/html,x',
    'file:///etc',
  ])('leaves out the link %j', (url) => expect(withUrl(url).html).not.toContain('<a '));

  it.each(['https://example.org/a', 'mailto:ada@example.org', '/relative'])('keeps the link %j', (url) =>
    expect(withUrl(url).html).toContain('>Open</a>'),
  );
});

describe('the subject of a mail', () => {
  it.each([
    { title: 'plain', subject: 'plain' },
    { title: 'a\r\nBcc: eve@example.org', subject: 'a Bcc: eve@example.org' },
    { title: '\u0000a\u2028b\u0085c ', subject: 'a b c' },
    { title: 'Ümläut 🔔', subject: 'Ümläut 🔔' },
  ])('of $title is one line', ({ title, subject }) => expect(compose({ title }).subject).toBe(subject));
});

describe('the link that switches a mail off', () => {
  it('ends the text and the HTML', () => {
    const { text, html } = compose({}, true);
    expect(text).toMatch(/\n\n-- \nUnsubscribe: https:\/\/carillon[.]example[.]org\/u\/a&b$/);
    expect(html).toMatch(/href="https:\/\/carillon[.]example[.]org\/u\/a&amp;b"[^>]*>Unsubscribe<\/a>/);
  });

  it('is left out where nothing can be switched off', () => {
    const { text, html } = compose({});
    expect(text + html).not.toContain('Unsubscribe');
  });

  it('stands in a page wherever its layout names it, shown or not', () => {
    const page = `<p>${unsubscribeLinkMarker}</p><a href="${unsubscribeLinkMarker}">x</a>`;
    const href = 'https://carillon.example.org/u/a&amp;b';
    for (const isShown of [true, false]) {
      expect(compose({ page }, isShown).html).toBe(`<p>${href}</p><a href="${href}">x</a>`);
    }
  });
});
