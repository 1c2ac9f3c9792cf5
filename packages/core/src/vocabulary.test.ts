import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { reasonCodes } from './vocabulary.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Cells of each table row that begins with a code: code, meaning, who can change it. */
function documentedCodes(): string[][] {
  const lines = readFileSync(`${root}docs/reason-codes.md`, 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1).map(trimmed));
}
const trimmed = (cell: string) => cell.trim();

/** The code that decides: everything of core, db and the worker but tests, the list itself, and what only tells. */
function decidingCode(): string {
  const dirs = ['packages/core/src', 'packages/db/src', 'services/worker/src'];
  const files = dirs.flatMap((dir) =>
    readdirSync(`${root}${dir}`, { recursive: true, encoding: 'utf8' }).map(
      (file) => `${root}${dir}/${file}`,
    ),
  );
  const sources = files.filter(
    (file) => /(?<!\.test|vocabulary)\.ts$/.test(file) && !file.includes('/explain/'),
  );
  return sources.map((file) => readFileSync(file, 'utf8')).join('\n');
}

describe('the reason codes', () => {
  it('are documented, each once and no other, with meaning and who can change it', () => {
    const documented = documentedCodes();
    expect(documented.map(([code]) => String(code)).toSorted()).toEqual(
      reasonCodes.map((code) => `\`${code}\``).toSorted(),
    );
    for (const cells of documented) expect(cells.filter((cell) => cell.length > 3)).toHaveLength(3);
  });

  it('can all happen: each is decided somewhere', () => {
    const code = decidingCode();
    expect(reasonCodes.filter((reason) => !code.includes(`'${reason}'`))).toEqual([]);
  });
});
