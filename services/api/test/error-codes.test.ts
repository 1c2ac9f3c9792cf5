import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isProblemCode } from '@carillon/contracts';

/** Thrown at start or to the worker only: they never reach a caller. */
const neverAnswered = new Set(['secret_key.wrong']);

const root = new URL('../../../', import.meta.url).pathname;
const folders = ['services/api/src', 'packages/db/src', 'packages/core/src'];

/** Each `new SomethingError('a.code'` of the code that serves requests. */
async function thrownCodes(): Promise<{ code: string; path: string }[]> {
  const found: { code: string; path: string }[] = [];
  for (const folder of folders) {
    const names = await readdir(join(root, folder), { recursive: true });
    for (const name of names.filter((one) => one.endsWith('.ts') && !one.endsWith('.test.ts'))) {
      const text = await readFile(join(root, folder, name), 'utf8');
      const codes = text.matchAll(/new \w+Error\(\s*'([a-z_]+\.[a-z_]+)'/g);
      for (const [, code = ''] of codes) found.push({ code, path: join(folder, name) });
    }
  }
  return found;
}

describe('codes of errors', () => {
  it('are all documented, so that no refusal is answered as a fault of ours', async () => {
    const thrown = await thrownCodes();
    expect(thrown.length).toBeGreaterThan(40);
    const unknown = thrown.filter(({ code }) => !isProblemCode(code) && !neverAnswered.has(code));
    expect(unknown).toEqual([]);
  });
});
