import type { ExternalKind } from '../vocabulary.ts';

/** What a step of a list of personal notification rules can do, in the words of the OnCall API. */
export const ruleTypes = [
  ...(['wait', 'notify_by_slack', 'notify_by_sms', 'notify_by_phone_call', 'notify_by_telegram'] as const),
  ...(['notify_by_email', 'notify_by_mobile_app', 'notify_by_mobile_app_critical'] as const),
  ...(['notify_by_webhook', 'notify_by_msteams'] as const),
] as const;
export type RuleType = (typeof ruleTypes)[number];
export type NotifyRuleType = Exclude<RuleType, 'wait'>;

/** Why a step will reach nobody, as it stands. */
export const ruleWarnings = [
  ...(['channel_unavailable', 'slack_not_linked', 'phone_not_verified', 'telegram_not_linked'] as const),
  ...(['no_email', 'no_device', 'no_webhook', 'msteams_not_linked'] as const),
] as const;
export type RuleWarning = (typeof ruleWarnings)[number];

/** What a notifying step needs. */
export interface RuleNeeds {
  kind: ExternalKind;
  /** Which warning it is that the person has no address of this kind that works. */
  withoutAddress: Exclude<RuleWarning, 'channel_unavailable'>;
}

/** Each notifying step, and what it needs. */
export const ruleNeeds: Readonly<Record<NotifyRuleType, RuleNeeds>> = {
  notify_by_slack: { kind: 'slack', withoutAddress: 'slack_not_linked' },
  notify_by_sms: { kind: 'sms', withoutAddress: 'phone_not_verified' },
  notify_by_phone_call: { kind: 'phone_call', withoutAddress: 'phone_not_verified' },
  notify_by_telegram: { kind: 'telegram', withoutAddress: 'telegram_not_linked' },
  notify_by_email: { kind: 'email', withoutAddress: 'no_email' },
  notify_by_mobile_app: { kind: 'mobile_app', withoutAddress: 'no_device' },
  notify_by_mobile_app_critical: { kind: 'mobile_app_critical', withoutAddress: 'no_device' },
  notify_by_webhook: { kind: 'webhook', withoutAddress: 'no_webhook' },
  notify_by_msteams: { kind: 'msteams', withoutAddress: 'msteams_not_linked' },
};

/** Kinds by whose addresses a step tells only once they are verified: a wrong number would tell, and cost, a stranger. */
export const verifiedRuleKinds = ['sms', 'phone_call'] as const satisfies readonly ExternalKind[];

/** Limits of what a user may set. */
export const ruleLimits = {
  waitSecondsMin: 60,
  waitSecondsMax: 86_400,
  repeatTimesMax: 10,
  /** The greatest position: what the column holds. */
  positionMax: 2_147_483_647,
  /** Steps of one list. */
  stepsMax: 50,
} as const;

/** What a user has by which steps can reach them. */
export interface RuleSurroundings {
  /** Kinds with a channel that is switched on. */
  channels: ReadonlySet<ExternalKind>;
  /** Kinds of which the person has an address that is not known to be bad, and is verified where it has to be. */
  addresses: ReadonlySet<ExternalKind>;
}

/** Why a step would reach nobody at the moment; undefined where it would reach somebody, or waits. */
export function warnOfRule(
  type: RuleType,
  { channels, addresses }: RuleSurroundings,
): RuleWarning | undefined {
  if (type === 'wait') return undefined;
  const { kind, withoutAddress } = ruleNeeds[type];
  if (!channels.has(kind)) return 'channel_unavailable';
  return addresses.has(kind) ? undefined : withoutAddress;
}
