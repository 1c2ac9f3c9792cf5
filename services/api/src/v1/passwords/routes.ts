import type { Router } from 'express';
import { deletePassword, setPassword as setPasswordRoute } from '@carillon/contracts';
import { removePassword, setPassword } from '../../actions/passwords.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';

/** What people log in with. */
export function mountPasswords(deps: ApiDeps, router: Router): void {
  bind(deps, router, setPasswordRoute, async ({ params, body, caller }) => {
    const { password, current_password: current } = body;
    await setPassword(deps, asUser(caller), params.id, { password, current });
    return { status: 204 };
  });

  bind(deps, router, deletePassword, async ({ params, caller }) => {
    await removePassword(deps, asUser(caller), params.id);
    return { status: 204 };
  });
}
