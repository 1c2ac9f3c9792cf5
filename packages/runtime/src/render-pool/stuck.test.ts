import { describe, expect, it } from '@jest/globals';
import { createStuckJudge, type Look } from './stuck.ts';

const limits = { jobCount: 2, messageMs: 100, handoverMs: 30_000 };
const look = (index: number, atMs: number, cpuMs: number): Look => ({ index, atMs, cpuMs });

describe('whether a render thread hangs', () => {
  it.each<{ name: string; looks: Look[]; isStuck: boolean }>([
    { name: 'worked too long on one job', looks: [look(0, 0, 0), look(0, 101, 101)], isStuck: true },
    { name: 'is within the limit', looks: [look(0, 0, 0), look(0, 100, 100)], isStuck: false },
    { name: 'got no turn on a busy machine', looks: [look(0, 0, 0), look(0, 5_000, 90)], isStuck: false },
    {
      name: 'had few turns, and used them up',
      looks: [look(0, 0, 0), look(0, 5_000, 90), look(0, 6_000, 101)],
      isStuck: true,
    },
    { name: 'gave no sign of life', looks: [look(0, 0, 0), look(0, 30_001, 0)], isStuck: true },
    {
      name: 'came forward in time',
      looks: [look(0, 0, 0), look(0, 90, 90), look(1, 180, 180), look(1, 270, 270)],
      isStuck: false,
    },
    { name: 'loads its code', looks: [look(-1, 0, 0), look(-1, 5_000, 5_000)], isStuck: false },
    { name: 'never began', looks: [look(-1, 0, 0), look(-1, 30_001, 5_000)], isStuck: true },
    { name: 'hands back its answers', looks: [look(2, 0, 0), look(2, 5_000, 5_000)], isStuck: false },
  ])('one that $name: $isStuck', ({ looks, isStuck }) => {
    const [first = look(0, 0, 0), ...others] = looks;
    const judge = createStuckJudge(limits, first);
    expect(others.map((one) => judge(one)).at(-1)).toBe(isStuck);
  });
});
