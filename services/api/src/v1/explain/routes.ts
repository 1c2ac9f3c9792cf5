import type { Router } from 'express';
import { explainInboxItem, explainNotification } from '@carillon/contracts';
import type { NotificationId } from '@carillon/core';
import { explainOwn, explainSent } from '../../actions/explain.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { fromExplained, fromOwnExplained } from './wire.ts';

/** Why somebody was told, later told, or not told. */
export function mountExplain(deps: ApiDeps, router: Router): void {
  const { mode } = deps.config.delivery;
  bind(deps, router, explainNotification, async ({ params, caller }) => {
    const explained = await explainSent(deps, asUser(caller), params.id as NotificationId);
    return { status: 200, body: fromExplained(explained, mode) };
  });

  bind(deps, router, explainInboxItem, async ({ params, caller }) => {
    const explained = await explainOwn(deps, asUser(caller), params.id as NotificationId);
    return { status: 200, body: fromOwnExplained(explained, mode) };
  });
}
