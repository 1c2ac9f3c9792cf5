import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { readJsonBody } from './read-body.ts';

const json = 'application/json';

function requestWith(body: Buffer | string, headers: Record<string, string> = { 'content-type': json }) {
  const stream = new PassThrough();
  stream.end(body);
  return Object.assign(stream, { headers }) as unknown as IncomingMessage;
}

describe('reading a JSON body', () => {
  it('answers the text and what it means', async () => {
    const text = '{"a":[1,"ä"]}';
    expect(await readJsonBody(requestWith(text), 100)).toEqual({ text, value: { a: [1, 'ä'] } });
  });

  it('answers nothing for no body, of whatever type', async () => {
    expect(await readJsonBody(requestWith('', {}), 100)).toBeUndefined();
  });

  it.each([
    { name: 'exactly as large as allowed', bytes: 100, ok: true },
    { name: 'larger by one byte', bytes: 101, ok: false },
  ])('judges a body $name by what arrives', async ({ bytes, ok }) => {
    const reading = readJsonBody(requestWith(`"${'x'.repeat(bytes - 2)}"`), 100);
    const outcome = await reading.then(
      () => true,
      (error: unknown) => (error as { code: string }).code,
    );
    expect(outcome).toBe(ok ? true : 'request.too_large');
  });

  it.each([
    { name: 'no type', headers: {} },
    { name: 'a form', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { name: 'a relative of JSON', headers: { 'content-type': 'application/json-patch+json' } },
    { name: 'compressed JSON', headers: { 'content-type': json, 'content-encoding': 'gzip' } },
  ])('refuses $name', async ({ headers }) => {
    const reading = readJsonBody(requestWith('{}', headers), 100);
    await expect(reading).rejects.toMatchObject({ code: 'request.unsupported_media_type' });
  });

  it.each([
    { name: 'with a charset', type: 'application/json; charset=utf-8' },
    { name: 'in capitals', type: 'Application/JSON' },
  ])('takes JSON $name', async ({ type }) => {
    expect(await readJsonBody(requestWith('1', { 'content-type': type }), 100)).toMatchObject({ value: 1 });
  });

  it.each([
    { name: 'where a value is missing', body: '{\n  "a": \n}', where: /line 3, column 1/ },
    { name: 'where a comma is too many', body: '[1,\n2,]', where: /line 2, column 3/ },
    { name: 'where a comment stands', body: '{ // no\n}', where: /line 1, column 3/ },
    { name: 'that the end is missing', body: '{"a": [1', where: /line 1|too early/ },
    { name: 'that it is no UTF-8', body: Buffer.from([0x22, 0xc3, 0x28, 0x22]), where: /not valid UTF-8/ },
    {
      name: 'that it is nested too deep',
      body: `${'['.repeat(33)}${']'.repeat(33)}`,
      where: /32 levels.*column 33/,
    },
  ])('says $name', async ({ body, where }) => {
    await expect(readJsonBody(requestWith(body), 1_000)).rejects.toMatchObject({
      code: 'request.malformed',
      message: expect.stringMatching(where),
    });
  });

  it('counts no brackets inside of strings, escaped quotes included', async () => {
    const text = JSON.stringify(['['.repeat(100), `"${'{'.repeat(100)}\\`]);
    expect(await readJsonBody(requestWith(text), 1_000)).toMatchObject({ value: JSON.parse(text) });
    const deepest = `${'['.repeat(32)}${']'.repeat(32)}`;
    expect(await readJsonBody(requestWith(deepest), 1_000)).toMatchObject({ text: deepest });
  });
});
