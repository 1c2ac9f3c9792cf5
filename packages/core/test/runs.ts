import type { PlanContext } from '../src/deliveries/plan.ts';
import type { PreferenceRow } from '../src/preferences/preference-row.ts';
import type { QuietWindow } from '../src/quiet-hours/quiet-window.ts';
import type { RunContext } from '../src/rules/advance.ts';
import type { ListedRule } from '../src/rules/choose-list.ts';
import type { NotifyRuleType } from '../src/rules/rule-type.ts';
import type {
  ChannelId,
  ChannelKind,
  ContactPointId,
  ExternalKind,
  RuleId,
  UserId,
} from '../src/vocabulary.ts';

/** A Sunday at noon in UTC. */
export const noon = new Date('2026-03-01T12:00:00Z');

/** What is not ordinary about a run. */
export interface RunWish {
  rules: readonly ListedRule[];
  /** The rule executed last; its position is that in the list, unless a cursor is given. */
  after?: string;
  cursor?: number;
  round?: number;
  repeat?: [times: number, everySeconds: number];
  pausedAt?: Date;
  fellBack?: boolean;
  read?: boolean;
  dismissed?: boolean;
  acknowledged?: boolean;
  openSince?: Date;
  reached?: boolean;
  mailed?: boolean;
  urgent?: boolean;
  urgentPasses?: boolean;
  kinds?: ChannelKind[];
  expiresAt?: Date;
  cancelled?: boolean;
  deleted?: boolean;
  userGone?: boolean;
  /** Of e-mail. */
  addresses?: string[];
  /** Telephone numbers. */
  phones?: { id: string; verified: boolean }[];
  channels?: ExternalKind[];
  window?: QuietWindow;
  muteUntil?: Date;
  preferences?: Partial<PreferenceRow>[];
}

export function wait(id: string, position: number, waitSeconds: number): ListedRule {
  return { id: id as RuleId, position, type: 'wait', waitSeconds };
}

export function notify(id: string, position: number, type: NotifyRuleType): ListedRule {
  return { id: id as RuleId, position, type, waitSeconds: undefined };
}

/** The run of somebody with e-mail, in an organization with channels for e-mail and webhook. */
export function makeRunContext(wish: RunWish): RunContext {
  const { rules, after, repeat } = wish;
  const [repeatTimes, repeatEverySeconds] = repeat ?? [0, undefined];
  return {
    place: {
      ruleId: after as RuleId | undefined,
      cursor: wish.cursor ?? rules.find((rule) => rule.id === after)?.position,
      ...{ round: wish.round ?? 0, pausedAt: wish.pausedAt, fellBack: wish.fellBack ?? false },
    },
    list: { rules, repeatTimes, repeatEverySeconds },
    ...{ read: wish.read ?? false, dismissed: wish.dismissed ?? false },
    acknowledged: wish.acknowledged ?? false,
    deliveries: {
      openSince: wish.openSince,
      ...{ reached: wish.reached ?? false, mailed: wish.mailed ?? false },
    },
    plan: makePlan(wish),
  };
}

function makePlan(wish: RunWish): PlanContext {
  const contactPoints = (wish.addresses ?? ['one']).map((id) => ({
    ...{ id: id as ContactPointId, kind: 'email' as ExternalKind, badReason: undefined },
  }));
  const phones = (wish.phones ?? []).map(({ id, verified }) => ({
    ...{ id: id as ContactPointId, kind: 'sms' as ExternalKind, badReason: undefined, verified },
  }));
  return {
    notification: {
      ...{ urgent: wish.urgent ?? false, kinds: wish.kinds, expiresAt: wish.expiresAt },
      ...{ cancelled: wish.cancelled ?? false, deleted: wish.deleted ?? false, inboxAlways: false },
    },
    user: wish.userGone === true ? undefined : { contactPoints: [...contactPoints, ...phones] },
    channels: (wish.channels ?? ['email', 'webhook']).map((kind) => ({
      ...{ id: kind as string as ChannelId, kind, enabled: true, position: 0 },
    })),
    kindsWithoutContactPoint: new Set(['webhook', 'null']),
    policy: {
      ...{ userId: 'u1' as UserId, scope: { category: 'general', environment: '', project: '' } },
      ...{ urgent: wish.urgent ?? false, isReminder: false, category: undefined, template: undefined },
      user: {
        rows: (wish.preferences ?? []).map((row, index) => ({
          ...{ id: `p${index}`, category: '', environment: '', project: '', kind: '' as const },
          ...{ enabled: null, window: undefined, mode: undefined },
          ...row,
        })),
        ...{ templateRows: [], window: wish.window, urgentPasses: wish.urgentPasses ?? true },
        ...{ muteUntil: wish.muteUntil, zone: 'UTC' },
      },
    },
  };
}
