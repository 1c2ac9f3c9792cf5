import { describe, expect, it } from '@jest/globals';
import { createArrivals, latencyOf } from './watches.mjs';

describe('frames on watch sockets', () => {
  it.each([
    { name: 'have a middle and a latest', seconds: [0.3, 0.1, 0.2], expected: 3, p50: 0.2, max: 0.3 },
    {
      name: 'are late for ever when they never come',
      seconds: [0.1, 0.2],
      expected: 3,
      p50: 0.2,
      max: Infinity,
    },
    { name: 'are missing altogether', seconds: [], expected: 2, p50: Infinity, max: Infinity },
  ])('$name', ({ seconds, expected, p50, max }) => {
    expect(latencyOf(seconds, expected)).toEqual({ p50, max });
  });

  it('are told from those of other sends, whichever comes first', async () => {
    const arrivals = createArrivals();
    for (const title of ['one', 'other', 'one']) {
      arrivals.take(JSON.stringify({ notification: { title }, unread_count: 1 }));
    }
    expect(await arrivals.of('one', 2)).toHaveLength(2);
    expect(await arrivals.of('other', 1)).toHaveLength(1);
  });

  it('are waited for', async () => {
    const arrivals = createArrivals();
    const waiting = arrivals.of('late', 1);
    arrivals.take('{"notification":{"title":"late"},"unread_count":1}');
    expect(await waiting).toHaveLength(1);
  });
});
