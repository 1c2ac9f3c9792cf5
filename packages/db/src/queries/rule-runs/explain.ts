import { sql } from 'kysely';
import type { NotificationId, OrganizationId, RuleId, RunRecord, StepRecord } from '@carillon/core';
import type { Database } from '../../connect.ts';

/** Steps of one run that are told, the last ones: more than a long list makes with several repetitions. */
export const explainedStepsMax = 300;

/** The run of a notification's rules with its list as it is now; undefined where it has none. By primary keys. */
export async function loadRunRecord(
  db: Database,
  { organizationId, id }: { organizationId: OrganizationId; id: NotificationId },
): Promise<RunRecord | undefined> {
  const { rows } = await sql<RunRow>`
    select r.list, r.urgent, r.state, r.reason, r.next_at as "nextAt", r.ended_at as "endedAt", r.rule_id as "ruleId",
      r.cursor_position as cursor, r.round, r.paused_at as "pausedAt", r.fell_back as "fellBack",
      coalesce(l.repeat_times, 0) as "repeatTimes", l.repeat_every_seconds as "repeatEverySeconds",
      coalesce((
        select json_agg(json_build_object('id', s.id, 'position', s.position, 'type', s.type,
          'waitSeconds', s.wait_seconds) order by s.position)
        from rules s where s.user_id = r.user_id and s.important = (r.list = 'important')), '[]') as rules
    from rule_runs r
    left join rule_lists l on l.user_id = r.user_id and l.important = (r.list = 'important')
    where r.notification_id = ${id} and r.organization_id = ${organizationId}
  `.execute(db);
  const row = rows[0];
  if (row === undefined) return undefined;
  const { ruleId, cursor, round, pausedAt, fellBack, rules, repeatTimes, repeatEverySeconds, ...record } =
    row;
  return {
    ...record,
    place: {
      ...{ ruleId: ruleId ?? undefined, cursor: cursor ?? undefined, round },
      ...{ pausedAt: pausedAt ?? undefined, fellBack },
    },
    rules: {
      rules: rules.map((rule) => ({ ...rule, waitSeconds: rule.waitSeconds ?? undefined })),
      ...{ repeatTimes, repeatEverySeconds: repeatEverySeconds ?? undefined },
    },
    steps: await listSteps(db, organizationId, id),
  };
}

type RunRow = Omit<RunRecord, 'place' | 'rules' | 'steps'> & {
  ruleId: RuleId | null;
  cursor: number | null;
  round: number;
  pausedAt: Date | null;
  fellBack: boolean;
  repeatTimes: number;
  repeatEverySeconds: number | null;
  rules: (Omit<RunRecord['rules']['rules'][number], 'waitSeconds'> & { waitSeconds: number | null })[];
};

async function listSteps(
  db: Database,
  organizationId: OrganizationId,
  id: NotificationId,
): Promise<StepRecord[]> {
  const { rows } = await sql<StepRecord>`
    select sequence, type, decision, code, at, until from rule_steps
    where notification_id = ${id} and organization_id = ${organizationId}
    order by sequence desc limit ${explainedStepsMax}
  `.execute(db);
  return rows.toReversed();
}
