import { describe, expect, it } from '@jest/globals';
import { every, sleep, withDeadline } from './timers.ts';

/** A promise and what settles it. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const fail = (error: unknown): never => {
  throw error;
};

describe('a repeating task', () => {
  it('runs again and again without ever overlapping', async () => {
    const tenth = gate();
    let rounds = 0;
    let inside = 0;
    let insideMost = 0;
    const repeating = every(
      1,
      async () => {
        inside += 1;
        insideMost = Math.max(insideMost, inside);
        repeating.wake();
        await sleep(2);
        inside -= 1;
        rounds += 1;
        if (rounds === 10) tenth.open();
      },
      { onError: fail, keepsAlive: true },
    );
    await tenth.opened;
    await repeating.stop();
    expect(insideMost).toBe(1);
  });

  it('goes on after a round that failed, and reports the failure', async () => {
    const errors: unknown[] = [];
    const third = gate();
    const repeating = every(
      1,
      () => {
        if (errors.length === 2) return third.open();
        throw new Error('round failed');
      },
      { onError: (error) => errors.push(error), keepsAlive: true },
    );
    await third.opened;
    await repeating.stop();
    expect(errors).toHaveLength(2);
  });

  it('aborts the running round at stop and waits for its end', async () => {
    const begun = gate();
    let isFinished = false;
    const repeating = every(
      3_600_000,
      async (signal) => {
        begun.open();
        expect(await sleep(60_000, signal)).toBe(false);
        isFinished = true;
      },
      { onError: fail, immediately: true },
    );
    await begun.opened;
    await repeating.stop();
    await repeating.stop();
    expect(isFinished).toBe(true);
  });

  it('runs at once when woken, and once more when woken during a round', async () => {
    const second = gate();
    let rounds = 0;
    const repeating = every(
      3_600_000,
      () => {
        rounds += 1;
        if (rounds === 1) repeating.wake();
        else second.open();
      },
      { onError: fail, keepsAlive: true },
    );
    repeating.wake();
    await second.opened;
    await repeating.stop();
    expect(rounds).toBe(2);
  });

  it('does not run after stop', async () => {
    let rounds = 0;
    const repeating = every(0, () => void (rounds += 1), { onError: fail, immediately: true });
    await repeating.stop();
    repeating.wake();
    // Another one, begun later, has had its turns by then.
    const third = gate();
    let others = 0;
    const witness = every(0, () => void ((others += 1) === 3 && third.open()), { onError: fail });
    await third.opened;
    await witness.stop();
    expect(rounds).toBe(0);
  });
});

describe('sleep', () => {
  it('says that the whole time passed', async () => {
    expect(await sleep(1)).toBe(true);
  });

  it('ends early when aborted, before or during', async () => {
    const aborter = new AbortController();
    const sleeping = sleep(60_000, aborter.signal);
    aborter.abort();
    expect(await sleeping).toBe(false);
    expect(await sleep(60_000, aborter.signal)).toBe(false);
  });
});

describe('a deadline', () => {
  const never = new Promise<string>(() => undefined);

  it('gives what the work gives in time', async () => {
    expect(await withDeadline(Promise.resolve('done'), 60_000, () => 'late')).toBe('done');
  });

  it('gives or throws the fallback when the work takes too long', async () => {
    expect(await withDeadline(never, 1, () => 'late')).toBe('late');
    await expect(withDeadline(never, 1, () => fail(new Error('too late')))).rejects.toThrow('too late');
  });

  it('passes a failure on, and swallows one that comes after the deadline', async () => {
    await expect(withDeadline(Promise.reject(new Error('broken')), 60_000, () => 'late')).rejects.toThrow(
      'broken',
    );
    const late = sleep(10).then(() => fail(new Error('after the deadline')));
    expect(await withDeadline(late, 1, () => 'late')).toBe('late');
    await expect(late).rejects.toThrow('after the deadline');
  });
});
