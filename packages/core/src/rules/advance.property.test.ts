import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeRunContext, noon, notify, wait, type RunWish } from '../../test/runs.ts';
import { isQuiet } from '../quiet-hours/quiet-time.ts';
import { advanceRun, type RunContext, type RunStep } from './advance.ts';
import type { ListedRule } from './choose-list.ts';
import { ruleTypes } from './rule-type.ts';

const positions = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 8 });
const lists = positions.chain((places) =>
  fc.tuple(
    ...places.map((position) =>
      fc
        .tuple(fc.constantFrom(...ruleTypes), fc.integer({ min: 60, max: 86_400 }))
        .map(([type, seconds]) =>
          type === 'wait' ? wait(`r${position}`, position, seconds) : notify(`r${position}`, position, type),
        ),
    ),
  ),
);
const windows = fc.record({
  start: fc.constantFrom('22:00', '11:30', '00:00'),
  end: fc.constantFrom('07:00', '13:00', '18:45'),
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu'),
  days: fc.constant(null),
});

interface Done extends RunStep {
  at: Date;
}

/** Runs it to its end as the worker does, with every message arriving; `edit` may change the list before each look. */
function play(
  context: RunContext,
  edit: (list: readonly ListedRule[], look: number) => readonly ListedRule[] = (rules) => rules,
): Done[] {
  const done: Done[] = [];
  let going = context;
  let now = noon;
  for (let look = 0; look < 400; look += 1) {
    going = { ...going, list: { ...going.list, rules: edit(going.list.rules, look) } };
    const { steps, next } = advanceRun(going, now);
    done.push(...steps.map((step) => ({ ...step, at: now })));
    if (next.state !== 'running') return done;
    expect(next.at.getTime()).toBeGreaterThan(now.getTime());
    const reached = going.deliveries.reached || steps.some((step) => step.decision === 'send');
    going = { ...going, place: next.place, deliveries: { ...going.deliveries, reached } };
    now = next.at;
  }
  throw new Error('the run does not end');
}

const executed = (done: readonly Done[]) =>
  done.filter((step) => step.ruleId !== undefined && step.decision !== 'hold').map((step) => step.ruleId);

describe('every run of rules', () => {
  it('executes each rule once, in the order of positions, whatever order they are read in', () => {
    fc.assert(
      fc.property(lists, fc.boolean(), (rules, urgent) => {
        const wanted = rules.toSorted((a, b) => a.position - b.position).map((rule) => rule.id);
        expect(executed(play(makeRunContext({ rules, urgent })))).toEqual(wanted);
      }),
    );
  });

  it('takes as long as its waits, to the second', () => {
    fc.assert(
      fc.property(lists, (rules) => {
        const [last] = play(makeRunContext({ rules })).slice(-1);
        const waited = rules.reduce((sum, rule) => sum + (rule.waitSeconds ?? 0), 0);
        const end = (last?.until ?? last?.at ?? noon).getTime();
        // The look at what was sent comes before a fallback; it is no wait.
        const looks = last?.type === 'fallback' ? 10_000 : 0;
        expect(end - noon.getTime()).toBeLessThanOrEqual(waited * 1000 + looks);
        expect(end - noon.getTime()).toBeGreaterThanOrEqual(waited * 1000);
      }),
    );
  });

  it('sends nothing in quiet time that is not urgent, and lets nothing urgent wait', () => {
    fc.assert(
      fc.property(lists, windows, fc.boolean(), (rules, window, urgent) => {
        const done = play(makeRunContext({ rules, window, urgent }));
        const wrong = urgent
          ? done.filter((step) => step.decision === 'hold')
          : done.filter((step) => step.decision === 'send' && isQuiet(window, step.at));
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('runs a list once more for each repetition', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 0, max: 10 }), (rules, times) => {
        const done = executed(play(makeRunContext({ rules, repeat: [times, 60] })));
        expect(done).toHaveLength(rules.length * (times + 1));
      }),
    );
  });

  it('passes over nothing that stays and repeats nothing that is not moved, whatever is deleted and added', () => {
    const edits = fc.array(
      fc.record({
        look: fc.integer({ min: 1, max: 6 }),
        position: fc.integer({ min: 0, max: 30 }),
        adds: fc.boolean(),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(lists, edits, (rules, changes) => {
        const gone = new Set(changes.filter((one) => !one.adds).map((one) => `r${one.position}`));
        const done = executed(
          play(makeRunContext({ rules }), (list, look) => {
            let edited = [...list];
            for (const change of changes.filter((one) => one.look === look)) {
              const id = `r${change.position}`;
              if (!change.adds) edited = edited.filter((rule) => rule.id !== id);
              else if (edited.every((rule) => rule.position !== change.position)) {
                edited.push(wait(`new${look}-${change.position}`, change.position, 60));
              }
            }
            return edited;
          }),
        );
        expect(new Set(done).size).toBe(done.length);
        const stayed = rules.filter((rule) => !gone.has(rule.id)).map((rule) => rule.id);
        expect(done.filter((id) => stayed.some((one) => one === id))).toHaveLength(stayed.length);
      }),
    );
  });

  it.each<{ name: string; wish: Partial<RunWish> }>([
    { name: 'deleted', wish: { deleted: true } },
    { name: 'cancelled', wish: { cancelled: true } },
    { name: 'expired', wish: { expiresAt: noon } },
    { name: 'acknowledged', wish: { acknowledged: true } },
    { name: 'dismissed', wish: { dismissed: true } },
    { name: 'for a removed user', wish: { userGone: true } },
    { name: 'of a category that is switched off', wish: { preferences: [{ enabled: false }] } },
  ])('does no step for what is $name', ({ wish }) => {
    fc.assert(
      fc.property(lists, fc.boolean(), (rules, urgent) => {
        expect(play(makeRunContext({ rules, urgent, ...wish }))).toEqual([]);
      }),
    );
  });
});
