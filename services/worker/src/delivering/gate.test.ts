import { describe, expect, it } from '@jest/globals';
import { createGate } from './gate.ts';

/** Lets everything that can go on do so. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the gate of sends', () => {
  it('lets ordinary sends run together', async () => {
    const gate = createGate();
    const leaves = await Promise.all([gate.enter(), gate.enter(), gate.enter()]);
    expect(leaves).toHaveLength(3);
  });

  it('runs a suspect when all have left, keeps newcomers out, and opens again', async () => {
    const gate = createGate();
    const events: string[] = [];
    const leave = await gate.enter();
    let finish = (): void => undefined;
    const suspect = gate.alone(async () => {
      events.push('suspect begins');
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      events.push('suspect ends');
    });
    const newcomer = gate.enter().then((leaveNewcomer) => {
      events.push('newcomer');
      leaveNewcomer();
    });
    await turn();
    expect(events).toEqual([]);
    leave();
    await turn();
    expect(events).toEqual(['suspect begins']);
    finish();
    await Promise.all([suspect, newcomer]);
    expect(events).toEqual(['suspect begins', 'suspect ends', 'newcomer']);
  });

  it('runs suspects one after the other, and goes on when one fails', async () => {
    const gate = createGate();
    let inside = 0;
    const work = async (fails: boolean): Promise<void> => {
      inside += 1;
      expect(inside).toBe(1);
      await turn();
      inside -= 1;
      if (fails) throw new Error('it took the worker down, nearly');
    };
    const outcomes = await Promise.allSettled([
      gate.alone(() => work(false)),
      gate.alone(() => work(true)),
      gate.alone(() => work(false)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const leave = await gate.enter();
    leave();
  });
});
