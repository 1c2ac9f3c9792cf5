import { afterEach, describe, expect, it } from '@jest/globals';
import type { Log, LogFields, RenderRequest, TemplateContent } from '@carillon/core';
import { createRenderPool, type RenderPool, type RenderPoolOptions } from './render-pool.ts';

const pools: RenderPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.stop()));
});

function makePool(options: Partial<RenderPoolOptions> = {}) {
  const lines: LogFields[] = [];
  const note = (fields: LogFields): void => void lines.push(fields);
  const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log };
  const pool = createRenderPool({ log, ...options });
  pools.push(pool);
  return { pool, lines };
}

const context = {
  user: { name: 'Ada', zone: 'Europe/Berlin', locale: 'en' },
  organization: { name: 'Engines' },
};
const hello = { title: 'Hello {{name}}', body: '' };
/** Passes every check; at run time its blocks go on for seconds and print nothing. */
const slow = {
  title: `x{{#each rows}}${'{{#if (eq @root.a @root.b)}}{{/if}}'.repeat(80)}{{/each}}`,
  body: '',
};
const slowText = 'x'.repeat(60_000);
const slowData = { rows: Array.from({ length: 9_000 }, () => 1), a: `${slowText}1`, b: `${slowText}2` };

/** With a list or an object in it the thread would render it. */
const flatData = { a: 'A *b* <c> &', b: 12.5, c: true, d: null };
const nestedData = { ...flatData, e: { f: ['g', 1] } };

function request(name: string): RenderRequest {
  return { content: hello, data: { name }, context };
}

function slowRequest(): RenderRequest {
  return { content: slow, data: slowData, context };
}

/** The longest time for which the main thread did not come round while something ran. */
async function longestStallMs(during: Promise<unknown>): Promise<number> {
  let lastMs = performance.now();
  let longestMs = 0;
  const timer = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - lastMs);
    lastMs = performance.now();
  }, 5);
  await during;
  clearInterval(timer);
  return longestMs;
}

describe('a render pool', () => {
  it('answers every request in its place', async () => {
    const { pool } = makePool();
    const names = Array.from({ length: 500 }, (_value, index) => `n${index}`);
    const results = await pool.render(names.map(request));
    expect(results.map((one) => one.outcome === 'rendered' && one.title)).toEqual(
      names.map((name) => `Hello ${name}`),
    );
  });

  it.each<{ name: string; content: TemplateContent; data: Record<string, unknown> }>([
    { name: 'values of each sort', content: { title: '{{a}} {{b}} {{c}} {{d}}', body: '' }, data: flatData },
    {
      name: 'values in Markdown, an address and a label',
      content: {
        ...{ title: 'x', body: 'To **{{a}}**: {{ user.name }}\n', url: 'https://a.example/{{a}}' },
        actions: [{ label: 'Open {{b}}', url: '/{{b}}' }],
      },
      data: flatData,
    },
    { name: 'what is missing', content: { title: 'x{{nobody}}', body: '{{user.nothing.there}}' }, data: {} },
    {
      name: 'what is missing and must not be',
      content: { title: '{{no}}', body: '', onMissing: 'refuse' },
      data: {},
    },
    {
      name: 'lists and objects',
      content: { title: '{{e}}', body: '{{e.f}} {{a.length}}' },
      data: nestedData,
    },
    {
      name: 'names of helpers and words of the language',
      content: { title: '{{this}} {{date}}', body: '{{true}}' },
      data: {},
    },
    { name: 'what closes nothing', content: { title: '{{else}}', body: '' }, data: {} },
    {
      name: 'too long an address',
      content: { title: 'x', body: '', url: '/{{a}}'.repeat(90) },
      data: { a: 'y'.repeat(100) },
    },
  ])('renders plain texts as the thread renders them: $name', async ({ content, data }) => {
    const { pool } = makePool();
    // A comment makes it no longer plain, and prints nothing.
    const inThread = { ...content, body: `${content.body}{{! }}` };
    const [plain, other] = await pool.render([
      { content, data, context },
      { content: inThread, data, context },
    ]);
    expect(plain).toEqual(other);
  });

  it('renders plain texts without a thread, which would die here', async () => {
    const { pool, lines } = makePool({ heapMegabytes: 1 });
    const names = Array.from({ length: 100 }, (_value, index) => `n${index}`);
    const results = await pool.render(names.map(request));
    expect(results.every((one) => one.outcome === 'rendered')).toBe(true);
    expect(lines).toEqual([]);
  });

  it('answers an empty batch, and several batches at once', async () => {
    const { pool } = makePool({ threads: 2 });
    expect(await pool.render([])).toEqual([]);
    const batches = await Promise.all(['a', 'b', 'c', 'd'].map((name) => pool.render([request(name)])));
    expect(batches).toMatchObject(['a', 'b', 'c', 'd'].map((name) => [{ title: `Hello ${name}` }]));
  });

  it('fails a template that does not compile with its place, and renders the others', async () => {
    const { pool } = makePool();
    const broken = { content: { title: 'a\n{{#if x}}', body: '' }, data: {}, context };
    const [first, second] = await pool.render([broken, request('b')]);
    expect(first).toMatchObject({ code: 'template_error', problems: [{ source: 'title', line: 2 }] });
    expect(second).toMatchObject({ outcome: 'rendered', title: 'Hello b' });
  });

  it('fails only the request that takes too long, while the main thread goes on', async () => {
    const { pool, lines } = makePool();
    const work = pool.render([request('a'), slowRequest(), request('b')]);
    const stallMs = await longestStallMs(work);
    expect(await work).toMatchObject([
      { title: 'Hello a' },
      { outcome: 'failed', code: 'template_error', detail: 'Rendering took longer than 100 ms.' },
      { title: 'Hello b' },
    ]);
    expect(lines).toContainEqual(
      expect.objectContaining({ event: 'render_thread.replaced', reason: 'timeout' }),
    );
    // Far below the seconds that the rendering itself would have taken here.
    expect(stallMs).toBeLessThan(1_000);
    expect(await pool.render([request('c')])).toMatchObject([{ title: 'Hello c' }]);
  });

  it('does not spend a thread on each of many requests with the same hopeless template', async () => {
    const { pool, lines } = makePool();
    const results = await pool.render([...Array.from({ length: 40 }, slowRequest), request('z')]);
    expect(results.slice(0, 40).every((one) => one.outcome === 'failed')).toBe(true);
    expect(results[40]).toMatchObject({ title: 'Hello z' });
    expect(lines.length).toBeLessThanOrEqual(6);
  });

  it('fails only the request that takes too much memory', async () => {
    const { pool, lines } = makePool({ heapMegabytes: 10 });
    const deep = { ...request('deep'), data: { name: Array.from({ length: 85_000 }, () => ({})) } };
    expect(await pool.render([request('a'), deep, request('b')])).toMatchObject([
      { title: 'Hello a' },
      { outcome: 'failed', detail: 'Rendering needed more than 10 MB of memory.' },
      { title: 'Hello b' },
    ]);
    expect(lines).toContainEqual(expect.objectContaining({ reason: 'out_of_memory' }));
  });

  it('fails only the request whose data is no JSON or too much of it', async () => {
    const { pool } = makePool();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const long = { ...request('long'), data: { name: 'x'.repeat(300_000) } };
    expect(await pool.render([{ ...request('a'), data: circle }, request('b'), long])).toMatchObject([
      { detail: 'The data is no JSON.' },
      { title: 'Hello b' },
      { detail: 'The data is longer than 262144 characters as JSON.' },
    ]);
  });

  it('answers batches that are larger than one message', async () => {
    const { pool } = makePool();
    const note = 'y'.repeat(100_000);
    const names = Array.from({ length: 30 }, (_value, index) => `n${index}`);
    const results = await pool.render(names.map((name) => ({ ...request(name), data: { name, note } })));
    expect(results).toMatchObject(names.map((name) => ({ title: `Hello ${name}` })));
  });

  it('tells what publish asks: problems with their places, and the variables', async () => {
    const { pool } = makePool();
    expect(await pool.check({ title: '{{a.b}}', body: '{{#each c}}{{d}}{{/each}}' })).toEqual({
      problems: [],
      variables: ['a.b', 'c', 'c[].d'],
    });
    expect(await pool.check({ title: '', body: '\n {{nope 1}}' })).toMatchObject({
      problems: [{ code: 'template.unknown_helper', source: 'body', line: 2, column: 2 }],
    });
  });

  it('gives a template no way to settings and flags of the process', async () => {
    const { pool } = makePool();
    const content = {
      title: 'x{{process.env.PATH}}{{@root.constructor}}{{constructor.constructor}}',
      body: '',
    };
    expect(await pool.render([{ content, data: {}, context }])).toMatchObject([{ title: 'x' }]);
  });

  it('refuses work after stop, and stops twice', async () => {
    const { pool } = makePool();
    await pool.render([request('a')]);
    await pool.stop();
    await pool.stop();
    await expect(pool.render([request('b')])).rejects.toThrow('stopped');
  });

  it('rejects what is under way when it is stopped', async () => {
    const { pool } = makePool();
    const outcome = pool.render([slowRequest()]).catch((error: Error) => error.message);
    await pool.stop();
    expect(await outcome).toMatch(/ended|stopped/);
  });
});
