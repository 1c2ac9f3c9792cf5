import type { Router } from 'express';
import { getWebPushKey } from '@carillon/contracts';
import { getPublicKey } from '../../actions/web-push.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';

/** What browsers need to let themselves be reached. */
export function mountWebPush(deps: ApiDeps, router: Router): void {
  bind(deps, router, getWebPushKey, async ({ caller }) => ({
    status: 200,
    body: { public_key: await getPublicKey(deps, asUser(caller)) },
  }));
}
