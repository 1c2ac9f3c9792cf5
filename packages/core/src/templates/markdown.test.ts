import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markdownToHtml, markdownToText } from './markdown.ts';

const schemes = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'java%0ascript:alert(1)',
  '&#106;avascript:alert(1)',
  '&#x6A;&#x61;vascript&#58;alert(1)',
  'javascript&colon;alert(1)',
  '\\javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'vbscript:msgbox(1)',
  'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  'data:image/svg+xml,<svg onload=alert(1)>',
  'file:///etc/passwd',
  'ftp://example.com/x',
  'blob:https://example.com/1',
  'view-source:https://example.com',
  '//evil.example',
  '\\\\evil.example',
  '/relative',
  '?query',
];
/** Each way in which Markdown can make a link or an image of a URL. */
const linkForms = [
  (url: string) => `[x](${url})`,
  (url: string) => `[x](<${url}>)`,
  (url: string) => `[x](${url} "title")`,
  (url: string) => `<${url}>`,
  (url: string) => `[x][r]\n\n[r]: ${url}`,
  (url: string) => `[x][r]\n\n[r]: <${url}>`,
  (url: string) => `![x](${url})`,
  (url: string) => `[![x](${url})](${url})`,
  (url: string) => url,
];
const rawHtml = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--><img src=1 onerror=alert(1)>">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="https://ok.example" onclick="alert(1)">x</a>',
  '<p onmouseover=alert(1)>x</p>',
  '<iframe src="https://evil.example"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"></object>',
  '<embed src="data:text/html,x">',
  '<form action="javascript:alert(1)"><button>x</button></form>',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>x</details>',
  '<body onload=alert(1)>',
  '<style>*{background:url(javascript:alert(1))}</style>',
  '<link rel=stylesheet href=https://evil.example>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<base href="https://evil.example">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml version="1.0"?><img src=x onerror=alert(1)>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img/src=x/onerror=alert(1)//',
  '"><script>alert(1)</script>',
  '</p></td><script>alert(1)</script>',
  '<video><source onerror=alert(1)></video>',
  '<marquee onstart=alert(1)>',
  '<template><img src=x onerror=alert(1)></template>',
];
/** Each place of a text into which a piece may be put. */
const places = [
  (text: string) => text,
  (text: string) => `a ${text} b`,
  (text: string) => `# ${text}`,
  (text: string) => `> ${text}`,
  (text: string) => `- ${text}`,
  (text: string) => `| h |\n|---|\n| ${text} |`,
  (text: string) => `**${text}**`,
  (text: string) => `\`${text}\``,
  (text: string) => `\`\`\`${text}\n${text}\n\`\`\``,
  (text: string) => `[${text}](https://ok.example)`,
  (text: string) => `[x](https://ok.example "${text}")`,
  (text: string) => `![${text}](https://ok.example/x.png)`,
];
const corpus = [...linkForms.flatMap((form) => schemes.map(form)), ...rawHtml];

const safeTags = new Set([
  ...['p', 'br', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'hr', 'a'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
]);
const safeAttribute =
  /^ (?:href="(?:https?:\/\/|mailto:)[^"<>]*"|rel="noopener noreferrer"|title="[^"<>]*"|class="language-[^"<>]*"|start="\d+"|style="text-align:(?:left|right|center)")/;

/** Whether a piece of HTML consists of known tags with known attributes and escaped text, and of nothing else. */
function unsafePart(html: string): string | undefined {
  const text = html.replaceAll(
    /<\/?([a-z0-9]+)((?: [a-z-]+="[^"]*")*) ?\/?>/g,
    (whole, tag: string, rest: string) => {
      let attributes = rest;
      while (safeAttribute.test(attributes)) attributes = attributes.replace(safeAttribute, '');
      return safeTags.has(tag) && attributes === '' ? '' : whole;
    },
  );
  return /[<>]/.test(text) ? text : undefined;
}

describe('HTML of Markdown', () => {
  it.each(corpus)('is harmless wherever %j stands', (piece) => {
    for (const place of places) expect(unsafePart(markdownToHtml(place(piece)))).toBeUndefined();
  });

  it('is harmless for any mixture of the above', () => {
    const snippet = fc.oneof(
      fc.constantFrom(...corpus),
      fc.constantFrom(
        '<',
        '>',
        '[',
        ']',
        '(',
        ')',
        '!',
        '`',
        '*',
        '"',
        '&',
        '#',
        ';',
        ':',
        '/',
        '\\',
        '\n',
        ' ',
        '|',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(snippet, { maxLength: 12 }), (snippets) => {
        expect(unsafePart(markdownToHtml(snippets.join('')))).toBeUndefined();
      }),
    );
  });

  it('would be called harmful if a handler, a script or an odd scheme came through', () => {
    for (const html of [
      ...rawHtml,
      '<a href="javascript:alert(1)">x</a>',
      '<p onclick="x">y</p>',
      '<img src="x">',
    ]) {
      expect(unsafePart(html)).toBeDefined();
    }
  });

  it('shows what looks like HTML as text', () => {
    expect(markdownToHtml('a <b>c</b> & d')).toBe('<p>a &lt;b&gt;c&lt;/b&gt; &amp; d</p>');
  });

  it('keeps emphasis, lists, tables, code and links, which cannot reach their opener', () => {
    const html = markdownToHtml(
      '**b** _i_ ~~s~~ `c`\n\n- x\n\n| h |\n|--|\n| d |\n\n[l](https://ok.example/?a=1&b=2)',
    );
    for (const part of [
      '<strong>b</strong>',
      '<em>i</em>',
      '<s>s</s>',
      '<code>c</code>',
      '<li>x</li>',
      '<td>d</td>',
    ]) {
      expect(html).toContain(part);
    }
    expect(html).toContain('<a href="https://ok.example/?a=1&amp;b=2" rel="noopener noreferrer">l</a>');
  });

  it('drops images and keeps what they show in words', () => {
    expect(markdownToHtml('![a <b> cat](https://ok.example/cat.png)')).toBe('<p>a &lt;b&gt; cat</p>');
  });

  it('links addresses that say what they are, and no file names', () => {
    const html = markdownToHtml('https://ok.example and ada@example.com but node.js');
    expect(html).toContain('<a href="https://ok.example" ');
    expect(html).toContain('<a href="mailto:ada@example.com" ');
    expect(html).toContain('but node.js');
  });
});

describe('text of Markdown', () => {
  it.each([
    { name: 'keeps paragraphs and line breaks', from: 'a\nb\n\n\n\nc', to: 'a\nb\n\nc' },
    { name: 'drops the marks of emphasis and headings', from: '# T\n\n**b** _i_ `c`', to: 'T\n\nb i c' },
    {
      name: 'writes the address after a label',
      from: '[l](https://ok.example)',
      to: 'l (https://ok.example)',
    },
    {
      name: 'writes an address that is its own label once',
      from: '<https://ok.example>',
      to: 'https://ok.example',
    },
    { name: 'writes a mail address once', from: 'to ada@example.com', to: 'to ada@example.com' },
    {
      name: 'marks and indents list items',
      from: '- a\n- b\n  1. c\n  2. d\n\ne',
      to: '- a\n- b\n  1. c\n  2. d\n\ne',
    },
    { name: 'counts from where a list starts', from: '3. a\n4. b', to: '3. a\n4. b' },
    { name: 'keeps table cells apart', from: '| a | b |\n|--|--|\n| c | d |', to: 'a | b |\nc | d |' },
    { name: 'keeps code as it is', from: '```\nif (a < b)\n  c\n```', to: 'if (a < b)\n  c' },
    { name: 'shows HTML and entities as they read', from: '<b>x</b> AT&amp;T &lt;', to: '<b>x</b> AT&T <' },
    { name: 'tells what an image shows', from: '![a cat](https://ok.example/c.png)', to: 'a cat' },
    { name: 'is empty for nothing', from: ' \n ', to: '' },
  ])('$name', ({ from, to }) => {
    expect(markdownToText(from)).toBe(to);
  });
});

describe('100 KB made to be slow', () => {
  const lengthMax = 100_000;
  const boundMs = 5_000;
  const repeated = [
    ...[
      '[',
      '![',
      '>',
      '> ',
      '<',
      '<a ',
      '<!--',
      '<![CDATA[',
      '<?',
      '`',
      '`a``',
      '*a ',
      '**a*',
      '_a__',
      '~',
      '\\',
    ],
    ...[
      '[a](',
      '[a]: ',
      '[a]',
      '&',
      '|',
      '|a|\n',
      '- ',
      '1. ',
      '# ',
      'a@',
      'a+',
      'http://',
      'https://a.b/(',
      'www.',
    ],
    ...['\n', ' ', '\t', 'a\n', '>\n', '- x\n', '<http:', '&#', '&lt;', '"', '**', 'a  \n', '\u202e', '👩‍👩‍👧'],
  ];
  it.each(repeated)('is rendered in time: %j again and again', (piece) => {
    const markdown = `${piece.repeat(Math.ceil(lengthMax / piece.length))}x`;
    const startMs = performance.now();
    expect(unsafePart(markdownToHtml(markdown))).toBeUndefined();
    markdownToText(markdown);
    expect(performance.now() - startMs).toBeLessThan(boundMs);
  });
});
