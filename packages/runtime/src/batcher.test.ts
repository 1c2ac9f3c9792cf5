import { describe, expect, it } from '@jest/globals';
import { createBatcher } from './batcher.ts';

function recording(weightMax: number, inFlightMax = 1) {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const batcher = createBatcher<number, number>({
    inFlightMax,
    weightMax,
    weigh: (item) => item,
    run: (items) => {
      batches.push(items);
      return new Promise((resolve) => gates.push(() => resolve(items.map((item) => item * 10))));
    },
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { batches, gates, batcher, turn };
}

describe('a batcher', () => {
  it('starts a lone item at once and lets what comes meanwhile share the next batch', async () => {
    const { batches, gates, batcher, turn } = recording(100);
    const results = [batcher.submit(1)];
    await turn();
    results.push(batcher.submit(2), batcher.submit(3));
    await turn();
    expect(batches).toEqual([[1]]);
    gates[0]?.();
    await results[0];
    await turn();
    expect(batches).toEqual([[1], [2, 3]]);
    gates[1]?.();
    await expect(Promise.all(results)).resolves.toEqual([10, 20, 30]);
  });

  it('closes a batch at its weight and never splits an item', async () => {
    const { batches, gates, batcher, turn } = recording(5, 3);
    const results = [batcher.submit(3), batcher.submit(2), batcher.submit(9), batcher.submit(1)];
    await turn();
    await turn();
    await turn();
    expect(batches).toEqual([[3, 2], [9], [1]]);
    for (const open of gates) open();
    await Promise.all(results);
  });

  it('gives every item of a batch its error and goes on', async () => {
    let rounds = 0;
    const batcher = createBatcher<string, string>({
      inFlightMax: 1,
      weightMax: 10,
      run: async (items) => {
        rounds += 1;
        if (rounds === 1) throw new Error('away');
        return items;
      },
    });
    const first = await Promise.allSettled([batcher.submit('a'), batcher.submit('b')]);
    expect(first.map((one) => one.status)).toEqual(['rejected', 'rejected']);
    await expect(batcher.submit('c')).resolves.toBe('c');
    await batcher.idle();
  });
});
