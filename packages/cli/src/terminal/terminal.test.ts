import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { shownAge } from './instants.ts';
import { createPaint } from './paint.ts';
import { plain, plainLines } from './plain.ts';
import { createProgress, renderProgress } from './progress.ts';
import { ask, askSecret, confirm } from './prompt.ts';
import { fit, renderFields, renderTable } from './table.ts';

const paint = createPaint({ environment: {} }, {});

describe('texts of others', () => {
  it.each([
    { name: 'escape sequences', text: 'a\u001b[31mb\u009b2Jc', shown: 'a[31mb2Jc' },
    { name: 'marks that turn the direction', text: 'a\u202eb\u2066c', shown: 'abc' },
    { name: 'what cannot be seen', text: 'a\u200bb\ufeffc\u0000d', shown: 'abcd' },
    { name: 'line ends', text: 'a\r\nb\tc', shown: 'a b c' },
  ])('lose $name', ({ text, shown }) => {
    expect(plain(text)).toBe(shown);
  });

  it('keep their lines where there is room for them', () => {
    expect(plainLines('a\nb\r\n\u001bc')).toEqual(['a', 'b', 'c']);
  });
});

describe('a table', () => {
  const columns = [
    { title: 'ID', text: ({ id }: { id: string; title: string }) => id },
    { title: 'TITLE', text: ({ title }: { title: string }) => title, isFlexible: true },
    { title: 'N', text: () => '1' },
  ];
  const rows = [
    { id: 'a', title: 'Two cells each: 日本語' },
    { id: 'bcd', title: 'e' },
  ];

  it('has columns that begin below one another, wide characters too', () => {
    expect(renderTable(rows, columns, { paint, width: undefined })).toEqual([
      'ID   TITLE                   N',
      'a    Two cells each: 日本語  1',
      'bcd  e                       1',
    ]);
  });

  it('is no wider than the screen, as long as one column can give way', () => {
    const lines = renderTable(rows, columns, { paint, width: 22 });
    expect(lines[1]).toBe('a    Two cells eac…  1');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(22);
  });

  it('cuts between characters, not within them', () => {
    expect(fit('日本語', 4)).toBe('日… ');
    expect(fit('👩‍👩‍👧 family', 4)).toBe('👩‍👩‍👧 …');
  });

  it('leaves out fields that say nothing', () => {
    const fields = [
      ['id', '7'],
      ['reason', null],
      ['channel', 'Ops'],
    ] as const;
    expect(renderFields(fields, paint)).toEqual(['id       7', 'channel  Ops']);
  });
});

describe('colours', () => {
  const shown = (environment: Record<string, string>, isTTY: boolean): boolean =>
    createPaint({ environment }, { isTTY })('bad', 'a') !== 'a';

  it.each([
    { name: 'a terminal', environment: {}, isTTY: true, has: true },
    { name: 'a pipe', environment: {}, isTTY: false, has: false },
    { name: 'a terminal with NO_COLOR', environment: { NO_COLOR: '1' }, isTTY: true, has: false },
    { name: 'a terminal that can nothing', environment: { TERM: 'dumb' }, isTTY: true, has: false },
    { name: 'a pipe with FORCE_COLOR', environment: { FORCE_COLOR: '1' }, isTTY: false, has: true },
  ])('of $name: $has', ({ environment, isTTY, has }) => {
    expect(shown(environment, isTTY)).toBe(has);
  });
});

describe('a bar of progress', () => {
  it.each([
    { done: 0, shown: /^Sending ░{28} 0 % {2}0\/40$/ },
    { done: 10, shown: /^Sending █{7}░{21} 25 % {2}10\/40$/ },
    { done: 40, shown: /^Sending █{28} 100 % {2}40\/40$/ },
  ])('shows $done of 40', ({ done, shown }) => {
    expect(renderProgress('Sending', done, 40)).toMatch(shown);
  });

  it('is drawn on a terminal and taken off again, and never in a pipe', () => {
    const draw = (isTTY: boolean): string => {
      const stream = Object.assign(new PassThrough(), { isTTY });
      const progress = createProgress(stream, { label: 'Sending', total: 2, isQuiet: false });
      progress.advance(2);
      progress.end();
      return String(stream.read() ?? '');
    };
    expect(draw(true).endsWith('2/2\r\u001b[K')).toBe(true);
    expect(draw(false)).toBe('');
  });
});

describe('a question', () => {
  const terminal = (isTTY: boolean, answer?: string) => {
    const stdin = Object.assign(new PassThrough(), { isTTY });
    const stderr = Object.assign(new PassThrough(), { isTTY });
    if (answer !== undefined) stdin.end(answer);
    return { stdin, stderr };
  };

  it.each([
    { answer: 'y\n', isYes: true },
    { answer: 'Yes\n', isYes: true },
    { answer: 'n\n', isYes: false },
    { answer: '\n', isYes: false },
    { answer: 'yesterday\n', isYes: false },
  ])('takes "$answer" for $isYes', async ({ answer, isYes }) => {
    expect(await confirm(terminal(true, answer), 'Really?')).toBe(isYes);
  });

  it('is a refusal where nobody can answer', async () => {
    await expect(confirm(terminal(false, 'y\n'), 'Really?')).rejects.toThrow('add --yes');
    await expect(ask(terminal(true, ''), 'Who?')).rejects.toThrow('no answer');
  });

  it('for a secret shows nothing of the answer', async () => {
    const { stdin, stderr } = terminal(true, 'tell nobody\n');
    expect(await askSecret({ stdin, stderr }, 'Token: ')).toBe('tell nobody');
    expect(String(stderr.read())).toBe('Token: \n');
  });
});

describe('an age', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  it.each([
    { at: '2026-03-01T11:59:30Z', shown: 'now' },
    { at: '2026-03-01T11:57:00Z', shown: '3 min' },
    { at: '2026-03-01T02:00:00Z', shown: '10 h' },
    { at: '2026-02-01T12:00:00Z', shown: '28 d' },
    { at: '2026-03-01T14:00:00Z', shown: 'now' },
  ])('of $at is "$shown"', ({ at, shown }) => {
    expect(shownAge(at, now)).toBe(shown);
  });
});
