import { describe, expect, it } from '@jest/globals';
import { createLadder } from './ladder.ts';

type Step = 'failed' | 'opened' | 'climb';

describe('the transports of a live copy', () => {
  it.each<{ name: string; steps: Step[]; next: string }>([
    { name: 'begin with the best', steps: [], next: 'websocket' },
    { name: 'get a second chance', steps: ['failed'], next: 'websocket' },
    { name: 'go down after two failures in a row', steps: ['failed', 'failed'], next: 'sse' },
    { name: 'forget a failure once they work', steps: ['failed', 'opened', 'failed'], next: 'websocket' },
    { name: 'end with polling', steps: ['failed', 'failed', 'failed', 'failed'], next: 'polling' },
    { name: 'stay with polling', steps: Array<Step>(9).fill('failed'), next: 'polling' },
    { name: 'go up again', steps: [...Array<Step>(4).fill('failed'), 'climb'], next: 'websocket' },
    { name: 'fail once each on the way up', steps: ['climb', 'failed', 'failed'], next: 'polling' },
    {
      name: 'stay where they work on the way up',
      steps: ['climb', 'failed', 'opened', 'failed'],
      next: 'sse',
    },
  ])('$name', ({ steps, next }) => {
    const ladder = createLadder(['websocket', 'sse']);
    for (const step of steps) ladder[step]();
    expect(ladder.current()).toBe(next);
  });

  it('poll where there is no stream at all', () => {
    expect(createLadder([]).current()).toBe('polling');
  });
});
