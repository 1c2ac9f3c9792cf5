import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.mjs';
import { selfTimes } from './profile.mjs';
import { formatNumber, formatSpread, formatTable } from './report.mjs';
import { createRequests, itemNumber } from './load/requests.mjs';

describe('the report', () => {
  it('lines up names to the left and figures to the right', () => {
    expect(
      formatTable([
        ['name', 'value'],
        ['a', '1'],
        ['longer', '1,000'],
      ]),
    ).toBe('name    value\na           1\nlonger  1,000');
  });

  it.each([
    { name: 'one value stands alone', spread: { median: 1234, min: 1234, max: 1234 }, text: '1,234' },
    { name: 'several have their ends', spread: { median: 2, min: 1, max: 3 }, text: '2 [1–3]' },
  ])('$name', ({ spread, text }) => expect(formatSpread(spread)).toBe(text));

  it('shows a dash for what could not be measured', () => expect(formatNumber(Number.NaN)).toBe('–'));
});

describe('options', () => {
  it('take the quick tier unless told', () =>
    expect(readOptions([])).toMatchObject({ name: 'quick', rounds: 3 }));

  it('have a million paused rows in the full tier', () => {
    expect(readOptions(['--full', '--rounds', '2'])).toMatchObject({ pausedRows: 1_000_000, rounds: 2 });
  });

  it('have a million rows in the inboxes of the full tier', () => {
    expect(readOptions(['--full'])).toMatchObject({ inboxRows: 1_000_000 });
  });

  it.each([[['--rounds', '0']], [['--seconds', 'two']], [['--fast']], [['x']]])('refuse %j', (args) => {
    expect(() => readOptions(args)).toThrow(/takes a whole number|Unknown option|Unexpected argument/);
  });
});

describe('requests', () => {
  it('name users in turn and number their items without holes', () => {
    const { single, batch } = createRequests(['a', 'b']);
    const first = JSON.parse(single.next().body);
    const second = batch.next();
    const items = JSON.parse(second.body).notifications;
    expect(first.to).toEqual(['a']);
    expect(items[0].to).toEqual(['b']);
    expect(second.firstItem).toBe(1);
    expect(items.map((item: { title: string }) => itemNumber(item.title))).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it('number what comes from a template with all others, for recipients of its own', () => {
    const { single, singleByTemplate, batchByTemplate } = createRequests(['a'], {
      ...{ userIds: ['b'], template: 'done' },
    });
    single.next();
    expect(JSON.parse(singleByTemplate.next().body)).toMatchObject({
      ...{ to: ['b'], template: 'done', data: { number: 1 } },
    });
    const batch = JSON.parse(batchByTemplate.next().body).notifications;
    expect(batch.map((item: { data: { number: number } }) => item.data.number)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 2),
    );
    expect(JSON.parse(single.next().body).title).toBe('Backup finished 102');
  });

  it('never use an idempotency key twice', () => {
    const { single, batch, singleByTemplate } = createRequests(['a']);
    const requests = [single, batch, singleByTemplate, single, batch].map((kind) => kind.next());
    expect(new Set(requests.map((request) => request.key)).size).toBe(requests.length);
  });
});

describe('a profile', () => {
  it('gives each function the part of busy time that it used itself', () => {
    const node = (id: number, functionName: string) => ({
      id,
      callFrame: { functionName, url: '', lineNumber: 0 },
    });
    const profile = {
      nodes: [node(1, 'parse'), node(2, 'send'), node(3, '(idle)'), node(4, 'send')],
      samples: [1, 2, 3, 4],
      timeDeltas: [10, 20, 500, 10],
    };
    expect(selfTimes(profile)).toEqual([
      { name: 'send', part: 0.75 },
      { name: 'parse', part: 0.25 },
    ]);
  });
});
