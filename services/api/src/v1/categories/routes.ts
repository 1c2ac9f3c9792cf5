import type { Router } from 'express';
import { deleteCategory, listCategories, putCategory, type Category } from '@carillon/contracts';
import type { CategoryRecord } from '@carillon/db';
import { listAll, removeCategory, writeCategory } from '../../actions/categories.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';

/** The sorts of notifications that people can choose by. */
export function mountCategories(deps: ApiDeps, router: Router): void {
  bind(deps, router, listCategories, async ({ caller }) => {
    const categories = await listAll(deps, asUser(caller));
    return { status: 200, body: { data: categories.map(fromCategory) } };
  });

  bind(deps, router, putCategory, async ({ params, body, caller }) => {
    const { quiet_mode: quietMode, default_enabled: defaultEnabled, name, description, mandatory } = body;
    const fields = { name, description, mandatory, quietMode, defaultEnabled };
    const { category, created } = await writeCategory(deps, asUser(caller), params.key, fields);
    return { status: created ? 201 : 200, body: fromCategory(category) };
  });

  bind(deps, router, deleteCategory, async ({ params, caller }) => {
    await removeCategory(deps, asUser(caller), params.key);
    return { status: 204 };
  });
}

function fromCategory(category: CategoryRecord): Category {
  return {
    key: category.key,
    name: category.name,
    description: category.description,
    mandatory: category.mandatory,
    quiet_mode: category.quiet_mode,
    default_enabled: category.default_enabled,
    created_at: category.created_at.toISOString(),
    updated_at: category.updated_at.toISOString(),
  };
}
