import { describe, expect, it } from '@jest/globals';
import type { PreferenceRow } from '../preferences/preference-row.ts';
import type { ChannelKind, UserId } from '../vocabulary.ts';
import { decideKind, type PolicyContext, type TemplatePolicy } from './policy.ts';

const now = new Date('2026-03-01T23:00:00Z');
const night = { start: '22:00', end: '07:00', zone: 'UTC' };
const category = { mandatory: false, quietMode: 'hold', defaultEnabled: true } as const;
const template: TemplatePolicy = {
  ...{ id: 't1', enabled: true, mandatory: false, defaultEnabled: undefined, dispatchMethod: undefined },
  texts: {},
};

function row(fields: Partial<PreferenceRow>): PreferenceRow {
  const any = { category: '', environment: '', project: '', kind: '' } as const;
  return { id: 'p1', ...any, enabled: undefined, window: undefined, mode: undefined, ...fields };
}

function context(
  fields: Partial<Omit<PolicyContext, 'user'>> & { user?: Partial<PolicyContext['user']> },
): PolicyContext {
  const none = { rows: [], templateRows: [], window: undefined, muteUntil: undefined };
  return {
    ...{
      userId: 'u1' as UserId,
      scope: { category: 'billing', environment: '', project: '' },
      urgent: false,
    },
    ...{ isReminder: false, category: undefined, template: undefined, ...fields },
    user: { ...none, urgentPasses: true, zone: 'UTC', ...fields.user },
  };
}

type Case = { name: string; given: PolicyContext; kind?: ChannelKind; expected: string };

describe('what is decided for a kind', () => {
  it.each<Case>([
    { name: 'goes where nobody chose anything', given: context({}), expected: 'go' },
    {
      name: 'a preference switches it off',
      given: context({ user: { rows: [row({ enabled: false, category: 'billing' })] } }),
      expected: 'suppress preference_off preference:p1',
    },
    {
      name: 'a row for the template switches it off',
      given: context({
        template,
        user: { templateRows: [{ id: 'r1', templateId: 't1', kind: 'email', enabled: false }] },
      }),
      expected: 'suppress template_preference_off template_preference:r1',
    },
    {
      name: 'the template is off by default',
      given: context({ template: { ...template, defaultEnabled: false } }),
      expected: 'suppress template_default_off template_default:',
    },
    {
      name: 'the category is off by default',
      given: context({ category: { ...category, defaultEnabled: false } }),
      expected: 'suppress category_default_off category_default:',
    },
    {
      name: 'a mandatory category passes what switches it off',
      given: context({
        category: { ...category, mandatory: true },
        user: { rows: [row({ enabled: false })], window: night },
      }),
      expected: 'go mandatory: quiet:mandatory',
    },
    {
      name: 'a mandatory template passes quiet hours',
      given: context({ template: { ...template, mandatory: true }, user: { window: night } }),
      expected: 'go mandatory: quiet:mandatory',
    },
    {
      name: 'a template that is switched off sends nothing',
      given: context({ template: { ...template, enabled: false, mandatory: true } }),
      expected: 'suppress template_disabled',
    },
    {
      name: 'a text that cannot be rendered is not sent',
      given: context({ template: { ...template, texts: { email: { failure: 'no end' } } } }),
      expected: 'suppress template_error no end',
    },
    {
      name: 'a text for another kind does not matter',
      given: context({ template: { ...template, texts: { inbox: { failure: 'no end' } } } }),
      expected: 'go',
    },
    {
      name: 'says which variables were missing',
      given: context({ template: { ...template, texts: { email: { missing: ['name', 'order.id'] } } } }),
      expected: 'go Data is missing: name, order.id',
    },
    {
      name: 'quiet hours hold it',
      given: context({ user: { window: night } }),
      expected: 'hold quiet_hours quiet:user 2026-03-01 23:00',
    },
    {
      name: 'a mute holds it',
      given: context({ user: { muteUntil: new Date('2026-03-02T09:00:00Z') } }),
      expected: 'hold muted quiet:mute',
    },
    {
      name: 'a category can ask for one message afterwards',
      given: context({ category: { ...category, quietMode: 'digest' }, user: { window: night } }),
      expected: 'hold digest quiet:user 2026-03-01 23:00',
    },
    {
      name: 'a category can have it dropped',
      given: context({ category: { ...category, quietMode: 'drop' }, user: { window: night } }),
      expected: 'suppress dropped_in_quiet_time quiet:user 2026-03-01 23:00',
    },
    {
      name: 'urgent passes',
      given: context({ urgent: true, user: { window: night } }),
      expected: 'go quiet:urgent',
    },
    {
      name: 'a reminder that the recipient set for this time passes',
      given: context({ isReminder: true, user: { window: night } }),
      expected: 'go quiet:reminder',
    },
    {
      name: 'the inbox is never held',
      given: context({ user: { window: night, muteUntil: new Date('2026-03-02T09:00:00Z') } }),
      kind: 'inbox',
      expected: 'go',
    },
  ])('$name', ({ given, kind = 'email', expected }) => {
    expect(shown(decideKind(given, kind, now))).toBe(expected);
  });

  it('spreads releases over the two minutes after the end, the same for one user, kind and day', () => {
    const ends = Array.from({ length: 200 }, (_, index) => {
      const verdict = decideKind(
        context({ userId: `u${index}` as UserId, user: { window: night } }),
        'email',
        now,
      );
      return verdict.verdict === 'hold' ? verdict.until.getTime() - Date.UTC(2026, 2, 2, 7) : Number.NaN;
    });
    expect(Math.min(...ends)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ends)).toBeLessThan(120_000);
    expect(new Set(ends).size).toBeGreaterThan(150);
    const later = decideKind(
      context({ userId: 'u0' as UserId, user: { window: night } }),
      'email',
      new Date(now.getTime() + 60_000),
    );
    expect(later).toMatchObject({ until: new Date(Date.UTC(2026, 2, 2, 7) + (ends[0] ?? Number.NaN)) });
  });
});

function shown(verdict: ReturnType<typeof decideKind>): string {
  const { preference, quiet, detail } = verdict.because ?? {};
  return [
    ...[
      verdict.verdict,
      'code' in verdict && verdict.code,
      preference && `${preference.layer}:${preference.row_id ?? ''}`,
    ],
    ...[quiet && `quiet:${quiet.layer}`, quiet?.local_time, detail],
  ]
    .filter((word) => typeof word === 'string')
    .join(' ');
}
