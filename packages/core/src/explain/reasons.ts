import type { PausedBy } from '../deliveries/paused-by.ts';
import type { Because } from '../deliveries/policy.ts';
import type { ReasonCode } from '../vocabulary.ts';
import { people, type Audience, type Person } from './audience.ts';
import { tellInstant, type Clockwork } from './moment.ts';
import { tellWhatHolds, tellWhyItGoes } from './winner.ts';

/** What a reason was found with. */
export interface ReasonFacts {
  /** By which it is told; the window's own zone wins over it. */
  clock: Clockwork;
  because?: Because | undefined;
  /** Until when it waits; undefined where nobody knows. */
  until?: Date | undefined;
  /** What is paused, for what waits because of that; undefined where nobody asked. */
  pausedBy?: PausedBy | undefined;
}

interface Telling extends ReasonFacts {
  person: Person;
  audience: Audience;
}

/** A reason in one plain clause without its period: what happens to the kind or delivery that carries it. */
export function tellReason(code: ReasonCode, audience: Audience, facts: ReasonFacts): string {
  return reasons[code]({ ...facts, audience, person: people[audience] });
}

const reasons = {
  placed: ({ person, because }) =>
    withReason(`placed in ${person.possessive} inbox`, tellWhyItGoes(because, person)),
  deliver_now: ({ person, because }) => withReason('sent at once', tellWhyItGoes(because, person)),
  rules_decide: ({ person }) => `sent when ${person.possessive} rules come to it`,
  longest_pause_over: ({ person }) =>
    `sent although it came in ${person.possessive} quiet hours, which had kept it for a day`,
  kind_not_requested: () => 'not sent, because it was sent by other channel kinds only',
  not_urgent: () => 'not sent, because only what is urgent may break the silence of a device',
  channel_unavailable: ({ audience }) =>
    audience === 'operator'
      ? 'not sent, because no channel of this kind is switched on'
      : 'not sent, because nothing is set up for it at present',
  contact_point_missing: ({ person }) =>
    `not sent, because ${person.subject} ${person.has} no address for it that works`,
  template_preference_off: ({ person }) =>
    `not sent, because ${person.subject} ${person.has} switched this template off`,
  preference_off: ({ person }) => `not sent, because one of ${person.possessive} preferences switches it off`,
  template_default_off: ({ person }) =>
    `not sent, because its template is off unless it is switched on, which ${person.subject} ${person.has} not done`,
  category_default_off: ({ person }) =>
    `not sent, because its category is off unless it is switched on, which ${person.subject} ${person.has} not done`,
  dropped_in_quiet_time: (telling) =>
    `not sent, because it came in ${tellWhatHolds(telling.because?.quiet, telling.person)}, when such notifications are dropped${atLocalTime(telling)}`,
  template_error: ({ audience, because }) =>
    audience === 'operator'
      ? withReason(
          'not sent, because its template could not be rendered',
          because?.detail?.replace(/\.$/, '') ?? '',
        )
      : 'not sent, because its text could not be made',
  template_disabled: () => 'not sent, because its template was switched off or removed',
  slack_not_linked: ({ person }) => withoutAddress(person, 'Slack account'),
  phone_not_verified: ({ person }) => withoutAddress(person, 'telephone number'),
  telegram_not_linked: ({ person }) => withoutAddress(person, 'Telegram account'),
  no_email: ({ person }) => withoutAddress(person, 'e-mail address'),
  no_device: ({ person }) => withoutAddress(person, 'device'),
  no_webhook: ({ person }) => withoutAddress(person, 'webhook'),
  msteams_not_linked: ({ person }) => withoutAddress(person, 'Teams account'),
  retry: (telling) =>
    `not sent yet, because the last try failed${telling.until === undefined ? '' : `; the next one is at ${at(telling)}`}`,
  paused: ({ audience, pausedBy }) =>
    audience === 'operator'
      ? `waits, because ${pausedBy === undefined ? 'its channel, its kind, its template or the whole organization' : pausedNames[pausedBy]} is paused`
      : 'waits, because sending is paused at present',
  rate_limited: (telling) =>
    telling.audience === 'operator'
      ? `waits until ${at(telling)}, because its channel has sent as much as its rate allows`
      : 'waits for its turn, because much is being sent at present',
  circuit_open: ({ audience }) =>
    audience === 'operator'
      ? 'waits, because the target of its channel failed so often in a row that it is only probed, twice a minute; it is sent as soon as a probe arrives'
      : 'waits, because the other side does not answer at present',
  endpoint_busy: (telling) =>
    telling.audience === 'operator'
      ? `waits until ${at(telling)}, because its target answers too slowly to be sent more at once`
      : 'waits for its turn, because the other side is slow at present',
  quiet_hours: (telling) =>
    `held until ${at(telling)} by ${tellWhatHolds(telling.because?.quiet, telling.person)}`,
  muted: (telling) => `held until ${at(telling)}, because ${telling.person.subject} muted notifications`,
  digest: (telling) =>
    `held until ${at(telling)} by ${tellWhatHolds(telling.because?.quiet, telling.person)}, to be told in one message with others`,
  bundled: (telling) =>
    `held until ${at(telling)}, to be told in one message with others that come meanwhile`,
  notification_cancelled: () => 'not sent, because the sender cancelled it',
  notification_deleted: () => 'not sent, because it was deleted or withdrawn before',
  notification_expired: () => 'not sent, because it had expired',
  notification_read: ({ person }) => `not sent, because ${person.subject} read or acknowledged it meanwhile`,
  notification_dismissed: ({ person }) => `not sent, because ${person.subject} dismissed it meanwhile`,
  digested: () => 'told in one message together with others',
  captured: (telling) =>
    telling.audience === 'operator'
      ? `written down${telling.until === undefined ? '' : ` at ${at(telling)}`} instead of being sent, because this installation keeps messages to this target back`
      : 'not sent, because this is a trial installation that keeps messages back',
  user_deleted: ({ person }) => `not sent, because ${person.subject} ${person.has} been removed`,
  dispatch_failed: () => 'not sent, because it could not be processed after ten tries',
  rules_unreached: ({ person }) => `none of the ways of ${person.possessive} rules reached anybody`,
  channel_deleted: () => 'not sent, because its channel was removed',
  contact_point_deleted: ({ person }) =>
    `not sent, because the address was removed from ${person.possessive} addresses`,
  rejected: () => 'not delivered, because the other side refused it for good',
  attempts_exhausted: () => 'not delivered, because every try failed',
  crashed: () => 'not delivered, because sending it broke off three times',
  outcome_unknown: () => 'may or may not have arrived: sending broke off, and it is not sent twice',
} as const satisfies Record<ReasonCode, (telling: Telling) => string>;

const pausedNames: Readonly<Record<PausedBy, string>> = {
  organization: 'the whole organization',
  template: 'its template',
  kind: 'its kind',
  channel: 'its channel',
};

function withoutAddress({ subject, has }: Person, what: string): string {
  return `not sent, because ${subject} ${has} no ${what} that works`;
}

function withReason(clause: string, reason: string): string {
  return reason === '' ? clause : `${clause}: ${reason}`;
}

function at({ clock, until, because }: Telling): string {
  if (until === undefined) return 'its end';
  return tellInstant(until, { ...clock, zone: because?.quiet?.window?.zone ?? clock.zone });
}

function atLocalTime({ because }: Telling): string {
  const { local_time: localTime, window } = because?.quiet ?? {};
  if (localTime === undefined || window === undefined) return '';
  return `; it was ${localTime.slice(-5)} (${window.zone})`;
}
