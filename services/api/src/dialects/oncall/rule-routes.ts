import { NotFoundError } from '@carillon/core';
import { createRule, deleteRule, getRule, listRules, updateRule } from '../../actions/rules.ts';
import type { ApiDeps } from '../../deps.ts';
import type { DialectRoute } from '../dialect.ts';
import { readListQuery } from './list-query.ts';
import { loadPage } from './page.ts';
import { refusal } from './refusal.ts';
import { people } from './rights.ts';
import { readChange, readNew } from './rule-body.ts';
import { toRule } from './translate.ts';

const base = '/api/v1/personal_notification_rules';

/** Personal notification rules: everybody's own, and those of all for admins. */
export function ruleRoutes(deps: ApiDeps): DialectRoute[] {
  return [
    {
      ...{ method: 'GET', path: base, auth: people },
      async handle({ query, caller }) {
        const { userId, important, ...page } = readListQuery(query);
        const user = userId === undefined ? undefined : { shortId: userId };
        const load = async (part: { offset: number; limit: number }) => {
          const { rules, total } = await listRules(deps, caller, { user, important, ...part });
          return { rows: rules, total };
        };
        const url = `${deps.config.publicUrl}${base}/`;
        const body = await asking('User not found.', loadPage(page, load, { url, query, show: toRule }));
        return { status: 200, body };
      },
    },
    {
      ...{ method: 'POST', path: base, auth: people },
      async handle({ body, caller }) {
        const { userId, waitSeconds, ...wish } = readNew(body);
        const user = { shortId: userId };
        const made = createRule(deps, caller, { ...wish, user, waitSeconds: waitSeconds ?? undefined });
        const { result } = await asking('User does not exist', made);
        return { status: 201, body: toRule(result.rule) };
      },
    },
    {
      ...{ method: 'GET', path: `${base}/{id}`, auth: people },
      async handle({ params, caller }) {
        return { status: 200, body: toRule(await getRule(deps, caller, named(params))) };
      },
    },
    ...(['PUT', 'PATCH'] as const).map((method): DialectRoute => ({
      ...{ method, path: `${base}/{id}`, auth: people },
      async handle({ params, body, caller }) {
        const { waitSeconds, ...wish } = readChange(body);
        const change = { ...wish, waitSeconds: waitSeconds ?? undefined };
        const { rule } = await updateRule(deps, caller, named(params), change);
        return { status: 200, body: toRule(rule) };
      },
    })),
    {
      ...{ method: 'DELETE', path: `${base}/{id}`, auth: people },
      async handle({ params, caller }) {
        await deleteRule(deps, caller, named(params));
        return { status: 204 };
      },
    },
  ];
}

function named({ id = '' }: Readonly<Record<string, string>>): { shortId: string } {
  return { shortId: id };
}

/** A user who is only named in a request is no path that is not there: a 400, in other words for each call. */
async function asking<T>(unknownUser: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NotFoundError && error.code === 'user.not_found') throw refusal(unknownUser);
    throw error;
  }
}
