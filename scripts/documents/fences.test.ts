import { describe, expect, it } from '@jest/globals';
import { fencesOf, shellBlocksOf } from './fences.mjs';

const document = (...lines: string[]): string => lines.join('\n');

describe('the shell blocks of a document', () => {
  it('are run once and in order, with the answer that stands right below', () => {
    const text = document(
      ...['```sh', 'one', '```', '', '```json', '{"id":1}', '```', 'text', '```sh', 'two', '```'],
      ...['other', '```json', '{"not":"the answer"}', '```'],
    );
    expect(shellBlocksOf(text)).toEqual([
      { code: 'one', line: 2, run: 'once', answer: { id: 1 } },
      { code: 'two', line: 10, run: 'once', answer: undefined },
    ]);
  });

  it.each([
    { info: 'background "ready"', expected: { run: 'background', until: 'ready', instead: false } },
    { info: 'instead "ready"', expected: { run: 'background', until: 'ready', instead: true } },
    { info: 'not run: needs Slack', expected: { run: 'never', why: 'needs Slack' } },
  ])('say how they are run by `$info`', ({ info, expected }) => {
    expect(shellBlocksOf(document(`\`\`\`sh ${info}`, 'x', '```'))).toEqual([
      { code: 'x', line: 2, ...expected },
    ]);
  });

  it('are refused with a word that says nothing', () => {
    expect(() => shellBlocksOf(document('```sh skip', 'x', '```'))).toThrow('line 2: "skip"');
  });

  it('are found in lists, and a longer fence holds a shorter one', () => {
    const [first, second] = fencesOf(
      document('- a', '  ```sh', '  curl', '    -d', '  ```', '````md', '```sh', '```', '````'),
    );
    expect(first?.code).toBe('curl\n  -d');
    expect(second).toMatchObject({ language: 'md', code: '```sh\n```' });
  });
});
