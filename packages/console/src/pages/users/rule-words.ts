import type { Body } from '@carillon/client';
import { kindName } from '../../kind-name.ts';

export type Step = Body<'setRules'>['steps'][number];
export type StepType = Step['type'];

/** Everything that a step can do, waiting first. */
export const stepTypes: readonly StepType[] = [
  ...(['wait', 'notify_by_email', 'notify_by_slack', 'notify_by_msteams', 'notify_by_telegram'] as const),
  ...([
    'notify_by_mobile_app',
    'notify_by_mobile_app_critical',
    'notify_by_sms',
    'notify_by_phone_call',
  ] as const),
  'notify_by_webhook',
];

/** "Notify by E-mail". */
export function stepText(type: StepType): string {
  return type === 'wait' ? 'Wait' : `Notify by ${kindName(type.replace('notify_by_', ''))}`;
}

const warnings: Readonly<Record<string, string>> = {
  channel_unavailable: 'there is no channel of this kind that is switched on',
  slack_not_linked: 'the user has no Slack address',
  phone_not_verified: 'the user has no verified telephone number',
  telegram_not_linked: 'the user has no Telegram address',
  no_email: 'the user has no e-mail address',
  no_device: 'the user has no device',
  no_webhook: 'there is no webhook',
  msteams_not_linked: 'there is no Teams address',
};

/** Why a step reaches nobody now, in words. */
export function warningText(warning: string): string {
  return `Reaches nobody now: ${warnings[warning] ?? warning}`;
}

/** Minutes that a form shows for seconds. */
export function minutesOf(seconds: number | null | undefined): string {
  return seconds == null ? '' : String(seconds / 60);
}

/** What is to be written of a step whose wait is given in minutes. */
export function stepOf(type: StepType, minutes: string): Step {
  return type === 'wait' ? { type, wait_seconds: Math.round(Number(minutes) * 60) } : { type };
}

/** The same list with one step moved up (-1) or down (1); as it was where there is no place. */
export function withMoved<T>(list: readonly T[], index: number, by: -1 | 1): readonly T[] {
  const [one, other] = [list[index], list[index + by]];
  return one === undefined || other === undefined ? list : list.with(index, other).with(index + by, one);
}
