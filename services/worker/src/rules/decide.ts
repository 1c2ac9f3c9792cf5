import { kindsWithoutContactPoint } from '@carillon/channels/catalogue';
import {
  advanceRun,
  type Advance,
  type DeliveryId,
  type PlanChannel,
  type PolicyContext,
  type RunContext,
  type RunStep,
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
import type { LoadedRun, LockedForSteps, PlacedStep, RunBatch, RunPlacement } from '@carillon/db/rules';
import { templateRefsOf } from '../delivering/facts.ts';
import type { WorkerDeps } from '../deps.ts';
import { createBundles, type Bundles } from './bundles.ts';

/** What becomes of one run now. */
export interface DecidedRun {
  placement: RunPlacement;
  isUnreached: boolean;
  /** How long after its time it was taken on. */
  lateMs: number;
}

export interface DecidedRuns {
  runs: DecidedRun[];
  bundles: ReturnType<Bundles['changes']>;
}

/** Decides about loaded runs, whose users' inboxes are `locked`. */
export async function decideRuns(
  deps: Pick<WorkerDeps, 'newId' | 'policies'>,
  db: Database,
  batch: RunBatch,
  locked: ReadonlyMap<UserId, LockedForSteps>,
): Promise<DecidedRuns> {
  const notifications = batch.runs.map(({ notification, organizationZone }) => ({
    ...{ recipientId: notification.recipientId, organizationZone },
    policyVersion: locked.get(notification.recipientId)?.version ?? 0,
  }));
  const userIds = [...new Set(notifications.map((one) => one.recipientId))];
  const policies = await deps.policies.ofBatch({ notifications, categories: batch.categories }, userIds, db);
  const templates = await loadTemplateVersions(db, templateRefsOf(batch.runs.map((run) => run.notification)));
  const bundles = createBundles(locked, batch.now);
  const runs = batch.runs.map((run) => {
    const context = contextOf(run, { batch, policies, templates });
    const advance = advanceRun(context, batch.now);
    return {
      placement: toPlacement({ ...deps, bundles, channels: context.plan.channels }, run, advance),
      isUnreached: advance.isUnreached,
      lateMs: batch.now.getTime() - run.nextAt.getTime(),
    };
  });
  return { runs, bundles: bundles.changes() };
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
  {
    newId,
    bundles,
    channels,
  }: Pick<WorkerDeps, 'newId'> & { bundles: Bundles; channels: readonly PlanChannel[] },
  { notification, sequence, place, pausedKinds }: LoadedRun,
  { steps, next }: Advance,
): RunPlacement {
  return { id: notification.id, sequence, place, next, steps: steps.map(toStep) };

  function toStep({ ruleId, type, decision, code, until, deliveries }: RunStep): PlacedStep {
    // The addresses of one step are told at one time.
    const [first] = deliveries;
    const isPaused =
      first !== undefined &&
      (pausedKinds.includes(first.kind) ||
        channels.find(({ id }) => id === first.channelId)?.paused === true);
    const waits =
      first === undefined || isPaused
        ? undefined
        : bundles.holdUntil(notification.recipientId, first.kind, notification.urgent);
    return {
      ruleId,
      type,
      decision,
      code: waits === undefined ? code : (code ?? 'bundled'),
      until: waits ?? until,
      deliveries: deliveries.map(({ kind, channelId, contactPointId }) => {
        return { id: newId() as DeliveryId, kind, channelId, contactPointId, isPaused, bundledUntil: waits };
      }),
    };
  }
}
