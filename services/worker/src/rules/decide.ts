import { kindsWithoutContactPoint } from '@carillon/channels/catalogue';
import {
  advanceRun,
  type Advance,
  type DeliveryId,
  type PolicyContext,
  type RunContext,
  type RuleList,
  type UserId,
} from '@carillon/core';
import {
  loadTemplateVersions,
  policyContextOf,
  type Database,
  type LoadedTemplateVersion,
  type Policies,
} from '@carillon/db';
import type { LoadedRun, RunBatch, RunPlacement } from '@carillon/db/rules';
import { templateRefsOf } from '../delivering/facts.ts';
import type { WorkerDeps } from '../deps.ts';

/** What becomes of one run now. */
export interface DecidedRun {
  placement: RunPlacement;
  isUnreached: boolean;
  /** How long after its time it was taken on. */
  lateMs: number;
}

/** Decides about loaded runs, whose users' inboxes are locked: `versions` are those of their policies. */
export async function decideRuns(
  deps: Pick<WorkerDeps, 'newId' | 'policies'>,
  db: Database,
  batch: RunBatch,
  versions: ReadonlyMap<UserId, number>,
): Promise<DecidedRun[]> {
  const notifications = batch.runs.map(({ notification, organizationZone }) => ({
    ...{ recipientId: notification.recipientId, organizationZone },
    policyVersion: versions.get(notification.recipientId) ?? 0,
  }));
  const userIds = [...new Set(notifications.map((one) => one.recipientId))];
  const policies = await deps.policies.ofBatch({ notifications, categories: batch.categories }, userIds, db);
  const templates = await loadTemplateVersions(db, templateRefsOf(batch.runs.map((run) => run.notification)));
  return batch.runs.map((run) => {
    const context = contextOf(run, { batch, policies, templates });
    const advance = advanceRun(context, batch.now);
    return {
      placement: toPlacement(deps, run, advance),
      isUnreached: advance.isUnreached,
      lateMs: batch.now.getTime() - run.nextAt.getTime(),
    };
  });
}

interface Decisive {
  batch: RunBatch;
  policies: Policies;
  templates: ReadonlyMap<string, LoadedTemplateVersion>;
}

const noList: RuleList = { rules: [], repeatTimes: 0, repeatEverySeconds: undefined };

function contextOf(run: LoadedRun, { batch, policies, templates }: Decisive): RunContext {
  const { notification, contactPoints } = run;
  const policy = policyContextOf(notification, { policies, versions: templates });
  return {
    place: run.place,
    list: policies.users.get(notification.recipientId)?.rules?.[run.list] ?? noList,
    read: run.read,
    dismissed: run.dismissed,
    acknowledged: run.acknowledged,
    deliveries: run.deliveries,
    plan: {
      notification: {
        urgent: notification.urgent,
        kinds: notification.kinds ?? undefined,
        expiresAt: notification.expiresAt ?? undefined,
        cancelled: run.cancelled,
        deleted: run.deleted,
        inboxAlways: notification.inboxAlways,
      },
      user: contactPoints === undefined || policy === undefined ? undefined : { contactPoints },
      channels: batch.channels.get(notification.organizationId) ?? [],
      kindsWithoutContactPoint,
      policy: policy ?? policyOfNobody(notification),
    },
  };
}

/** Of somebody who was removed: nothing is decided by it, because a run without its user is stopped before. */
function policyOfNobody({
  recipientId,
  category,
  environment,
  project,
}: LoadedRun['notification']): PolicyContext {
  return {
    ...{ userId: recipientId, scope: { category, environment, project }, urgent: false, isReminder: false },
    user: {
      ...{
        rows: [],
        templateRows: [],
        window: undefined,
        urgentPasses: true,
        muteUntil: undefined,
        zone: 'UTC',
      },
    },
    ...{ category: undefined, template: undefined },
  };
}

function toPlacement(
  { newId }: Pick<WorkerDeps, 'newId'>,
  { notification, sequence, place, pausedKinds }: LoadedRun,
  { steps, next }: Advance,
): RunPlacement {
  return {
    id: notification.id,
    sequence,
    place,
    next,
    steps: steps.map(({ ruleId, type, decision, code, until, deliveries }) => ({
      ruleId,
      type,
      decision,
      code,
      until,
      deliveries: deliveries.map(({ kind, channelId, contactPointId }) => ({
        id: newId() as DeliveryId,
        kind,
        channelId,
        contactPointId,
        isPaused: pausedKinds.includes(kind),
      })),
    })),
  };
}
