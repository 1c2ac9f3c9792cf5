import { InvalidError, ruleLimits, type FieldError, type RuleType } from '@carillon/core';
import type { RuleRecord, RuleStep } from '@carillon/db/rules';

/** A step as a request brings it: a length for `wait`, and for nothing else. */
export interface StepWish {
  type: RuleType;
  waitSeconds?: number | undefined;
}

/** As it is stored. */
export function toStep({ type, waitSeconds }: StepWish): RuleStep {
  return { type, waitSeconds: waitSeconds ?? null };
}

/** Throws InvalidError with all that is wrong, where anything is; a pointer is that of the step. */
export function refuseSteps(steps: readonly (StepWish & { pointer: string })[]): void {
  const errors = steps.flatMap(wrongIn);
  const [first] = errors;
  if (first === undefined) return;
  throw new InvalidError('rule.wait_invalid', `${first.pointer}: ${first.detail}`, { errors });
}

function wrongIn({ type, waitSeconds, pointer }: StepWish & { pointer: string }): FieldError[] {
  const { waitSecondsMin: min, waitSecondsMax: max } = ruleLimits;
  const wrong = (detail: string): FieldError[] => [{ pointer: `${pointer}/wait_seconds`, detail }];
  if (type !== 'wait') {
    return waitSeconds === undefined ? [] : wrong('must be left out: only the type `wait` takes it');
  }
  const isRight = waitSeconds !== undefined && waitSeconds >= min && waitSeconds <= max;
  return isRight ? [] : wrong(`must be given for the type \`wait\`, from ${min} to ${max}`);
}

/** What a rule does after a change, or undefined where nothing of that was named. Throws as `refuseSteps` does. */
export function changedStep(
  rule: RuleRecord,
  wish: { type?: RuleType | undefined; waitSeconds?: number | undefined },
): RuleStep | undefined {
  if (wish.type === undefined && wish.waitSeconds === undefined) return undefined;
  const type = wish.type ?? rule.type;
  const kept = type === 'wait' ? (rule.wait_seconds ?? undefined) : undefined;
  const step = { type, waitSeconds: wish.waitSeconds ?? kept };
  refuseSteps([{ ...step, pointer: '' }]);
  return toStep(step);
}
