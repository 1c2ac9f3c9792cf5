import { describe, expect, it } from '@jest/globals';
import { durationSeconds, gather, gatherRecipients, instantOption, jsonObject, takeRows } from './options.ts';

describe('options', () => {
  it.each([
    { text: '90s', seconds: 90 },
    { text: '30m', seconds: 1_800 },
    { text: '12h', seconds: 43_200 },
    { text: '2w', seconds: 1_209_600 },
  ])('take $text as $seconds seconds', ({ text, seconds }) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(['', '5', 'h', '0m', '-1h', '1.5h', '1y'])('refuse the duration "%s"', (text) => {
    expect(() => durationSeconds(text)).toThrow('It must be a duration');
  });

  const now = () => new Date('2026-03-01T12:00:00Z');
  it.each([
    { text: '2026-12-06T03:00+01:00', instant: '2026-12-06T02:00:00.000Z' },
    { text: '2026-12-06T03:00:30.5Z', instant: '2026-12-06T03:00:30.500Z' },
    { text: '+2h', instant: '2026-03-01T14:00:00.000Z' },
  ])('take $text as the instant $instant', ({ text, instant }) => {
    expect(instantOption(now)(text)).toBe(instant);
  });

  it.each(['tomorrow', '2026-12-06', '2026-12-06T03:00', '2026-13-40T03:00Z', '+soon'])(
    'refuse the instant "%s"',
    (text) => {
      expect(() => instantOption(now)(text)).toThrow('It must be');
    },
  );

  it.each([
    { text: 'ada@example.com,external:grace', recipients: ['ada@example.com', 'external:grace'] },
    { text: 'external:a,b', recipients: ['external:a,b'] },
    { text: '01981c5e-8f00-7000-8000-0000000000ff', recipients: ['01981c5e-8f00-7000-8000-0000000000ff'] },
  ])('take "$text" as $recipients', ({ text, recipients }) => {
    expect(gatherRecipients(text)).toEqual(recipients);
    expect(gatherRecipients(text, ['external:x'])).toEqual(['external:x', ...recipients]);
  });

  it('gather what is given several times, and refuse nothing at all', () => {
    expect(gather('inbox, email', ['sms'])).toEqual(['sms', 'inbox', 'email']);
    expect(() => gather(' , ')).toThrow('It must name something');
  });

  it.each(['[1]', '"a"', 'null', '{'])('refuse %s where an object must be', (text) => {
    expect(() => jsonObject(text)).toThrow('It must be a JSON object');
  });
});

describe('a list with a limit', () => {
  const three = async function* () {
    yield* [1, 2, 3];
  };
  const take = async (limits: { limit: number; all?: true }) => {
    let isMore = false;
    const rows = [];
    for await (const row of takeRows(three(), limits, () => (isMore = true))) rows.push(row);
    return { rows, isMore };
  };

  it('tells that there is more only when there is', async () => {
    expect(await take({ limit: 2 })).toEqual({ rows: [1, 2], isMore: true });
    expect(await take({ limit: 3 })).toEqual({ rows: [1, 2, 3], isMore: false });
    expect(await take({ limit: 1, all: true })).toEqual({ rows: [1, 2, 3], isMore: false });
  });
});
