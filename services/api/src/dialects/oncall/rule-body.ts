import { ruleLimits, ruleTypes, type RulePlaceWish, type RuleType } from '@carillon/core';
import { openFields, type Fields } from './fields.ts';
import { durationNotTaken, OncallRefusal, positionNotTaken, refusal } from './refusal.ts';

/** What makes a rule. */
export interface NewRule {
  /** As OnCall's clients name a user. */
  userId: string;
  important: boolean;
  type: RuleType;
  waitSeconds: number | null;
  place: RulePlaceWish;
}

/** What changes a rule; what is undefined stays. */
export interface RuleChange {
  type: RuleType | undefined;
  /** Null where there is nothing to wait for any more. */
  waitSeconds: number | null | undefined;
  place: RulePlaceWish | undefined;
}

/** In seconds: OnCall's own waits. `/v1` takes others, which are shown here as they are. */
const waits = [60, 300, 900, 1800, 3600];
const waitUsualSeconds = 300;

/** Reads the body of a create; throws OncallRefusal in the order and the words of OnCall. */
export function readNew(body: unknown): NewRule {
  const fields = openFields(body);
  const duration = readDuration(fields);
  const userId = fields.required('user_id');
  const step = readStep(fields);
  const important = fields.flag('important') ?? false;
  fields.refuse();
  const type = typeOf(step.type);
  if (type === undefined) throw new OncallRefusal({ type: 'Type is required' });
  return {
    ...{ userId, important, type },
    waitSeconds: waitOf(type, duration),
    place: placeOf(step) ?? { to: 'end' },
  };
}

/** Reads the body of a change, of which everything may be left out; user and list of a rule are fixed and not looked at. */
export function readChange(body: unknown): RuleChange {
  const fields = openFields(body);
  const duration = readDuration(fields);
  const step = readStep(fields);
  fields.refuse();
  const type = typeOf(step.type);
  return {
    type,
    waitSeconds: type === undefined ? duration : waitOf(type, duration),
    place: placeOf(step),
  };
}

interface Step {
  position: number | undefined;
  type: string | undefined;
  isSwapped: boolean;
}

function readStep(fields: Fields): Step {
  return {
    position: fields.integer('position'),
    type: fields.text('type'),
    isSwapped: fields.flag('manual_order') ?? false,
  };
}

function readDuration(fields: Fields): number | undefined {
  const duration = fields.value('duration');
  if (duration === undefined) return undefined;
  if (typeof duration !== 'number') throw refusal('Invalid duration format');
  if (!waits.includes(duration)) fields.fault('duration', `"${duration}" is not a valid choice.`);
  return duration;
}

function typeOf(text: string | undefined): RuleType | undefined {
  if (text === undefined) return undefined;
  const type = ruleTypes.find((one) => one === text);
  if (type === undefined) throw new OncallRefusal({ type: 'Invalid type' });
  return type;
}

function waitOf(type: RuleType, duration: number | undefined): number | null {
  if (type === 'wait') return duration ?? waitUsualSeconds;
  if (duration !== undefined) throw new OncallRefusal(durationNotTaken);
  return null;
}

/** -1 is the end; Terraform's swap has no such thing, for it always names places. */
function placeOf({ position, isSwapped }: Step): RulePlaceWish | undefined {
  if (position === undefined) return undefined;
  if (position === -1 && !isSwapped) return { to: 'end' };
  if (position < 0 || position > ruleLimits.positionMax) throw new OncallRefusal(positionNotTaken);
  return { to: isSwapped ? 'swap' : 'move', position };
}
