import type { Router } from 'express';
import {
  createOrganization,
  getOrganization,
  listOrganizations,
  updateOrganization,
  type NewOrganization,
  type Organization,
} from '@carillon/contracts';
import type { OrganizationId } from '@carillon/core';
import type { OrganizationRecord } from '@carillon/db';
import {
  changeOrganization,
  createOrganization as create,
  getOne,
  listOrganizationPage,
  type NewOrganization as Made,
} from '../../actions/organizations.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, noStore, replayedHeader } from '../../http/bind.ts';
import { toPage, type Cursors } from '../../http/cursor.ts';
import { isoOrNull } from '../notifications/wire.ts';

/** Tenants. Operators need no user of an organization for these calls. */
export function mountOrganizations(deps: ApiDeps, cursors: Cursors, router: Router): void {
  bind(deps, router, createOrganization, async ({ body, caller, key }) => {
    const { admin, ...fields } = body;
    const wish =
      admin === undefined
        ? undefined
        : { externalId: admin.external_id, email: admin.email, name: admin.name };
    const { result, replayed } = await create(deps, caller, { fields, admin: wish }, key);
    return {
      status: 201,
      body: fromNew(result),
      headers: {
        ...noStore,
        Location: `/v1/organizations/${result.organization.id}`,
        ...(replayed && replayedHeader),
      },
    };
  });

  bind(deps, router, listOrganizations, async ({ query, caller }) => {
    const scope = `organizations:${caller.id}`;
    const cursor = query.cursor === undefined ? undefined : cursors.read(scope, query.cursor);
    const rows = await listOrganizationPage(deps, {
      limit: query.limit + 1,
      edge:
        cursor === undefined
          ? undefined
          : { id: String(cursor.key[0]) as OrganizationId, direction: cursor.direction },
    });
    const page = toPage(
      rows,
      { limit: query.limit, cursor },
      (row) => [row.id],
      (c) => cursors.write(scope, c),
    );
    return { status: 200, body: { ...page, data: page.data.map(fromOrganization) } };
  });

  bind(deps, router, getOrganization, async ({ params, caller }) => {
    const row = await getOne(deps, caller, params.id as OrganizationId | 'me');
    return { status: 200, body: fromOrganization(row) };
  });

  bind(deps, router, updateOrganization, async ({ params, body, caller }) => {
    const row = await changeOrganization(deps, caller, params.id as OrganizationId, body);
    return { status: 200, body: fromOrganization(row) };
  });
}

function fromOrganization(row: OrganizationRecord): Organization {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    zone: row.zone,
    locale: row.locale,
    default_method: row.default_method,
    mail_from: row.mail_from,
    mail_reply_to: row.mail_reply_to,
    paused_at: isoOrNull(row.paused_at),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

function fromNew({ organization, admin }: Made): NewOrganization {
  if (admin === undefined) return fromOrganization(organization);
  const { userId, token } = admin;
  return {
    ...fromOrganization(organization),
    admin: { user_id: userId, ...(token !== undefined && { token }) },
  };
}
