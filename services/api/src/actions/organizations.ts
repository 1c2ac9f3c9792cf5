import { validateSettings } from '@carillon/channels/catalogue';
import {
  MalformedError,
  NotFoundError,
  type AccessTokenId,
  type OrganizationId,
  type UserId,
} from '@carillon/core';
import {
  getOrganization,
  insertAccessToken,
  insertOrganization,
  inTransaction,
  listOrganizations,
  updateOrganization,
  upsertUser,
  type Database,
  type OrganizationFields,
  type OrganizationPage,
  type OrganizationRecord,
} from '@carillon/db';
import { hashToken, newToken, tokenLookup } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import type { Caller } from '../http/caller.ts';
import type { RequestKey } from '../http/idempotency-key.ts';
import { onceAsOperator } from './once.ts';
import { addSystemTemplates } from './system-templates.ts';

/** Who is to be the first admin of a new organization. */
export interface FirstAdminWish {
  externalId: string;
  email: string | undefined;
  name: string | undefined;
}

/** A new organization with its first admin, if one was asked for. */
export interface NewOrganization {
  organization: OrganizationRecord;
  /** The token is told once: a repeat of the call knows it no more. */
  admin: { userId: UserId; token: string | undefined } | undefined;
}

/** Makes an organization; throws ConflictError when the slug is taken, MalformedError for a sender that is none. */
export async function createOrganization(
  deps: Pick<ApiDeps, 'system' | 'systemTemplates' | 'newId' | 'log'>,
  caller: Caller,
  wish: { fields: OrganizationFields & { slug: string; name: string }; admin: FirstAdminWish | undefined },
  key: RequestKey | undefined,
): Promise<{ result: NewOrganization; replayed: boolean }> {
  checkSender(wish.fields);
  const made = await onceAsOperator<NewOrganization>(deps, caller.id, key, {
    async write(db) {
      const id = deps.newId() as OrganizationId;
      const organization = await insertOrganization(db, { ...wish.fields, id, paused: false });
      await addSystemTemplates(deps, db, id);
      const admin = wish.admin === undefined ? undefined : await makeAdmin(deps, db, id, wish.admin);
      const ids = admin === undefined ? [id] : [id, admin.userId];
      return { result: { organization, admin }, ids };
    },
    async again(db, { ids: [id, userId] }) {
      const organization = await getOrganization(db, id as OrganizationId);
      const admin = userId === undefined ? undefined : { userId: userId as UserId, token: undefined };
      return { organization, admin };
    },
  });
  if (!made.replayed) {
    const { organization, admin } = made.result;
    deps.log.info({
      ...{ event: 'organization.created', organizationId: organization.id, callerId: caller.id },
      adminId: admin?.userId,
    });
  }
  return made;
}

async function makeAdmin(
  deps: Pick<ApiDeps, 'newId'>,
  db: Database,
  organizationId: OrganizationId,
  { externalId, email, name }: FirstAdminWish,
): Promise<{ userId: UserId; token: string }> {
  const userId = deps.newId() as UserId;
  const fields = { externalId, email, name, role: 'admin' } as const;
  await upsertUser(db, { id: userId, organizationId, fields });
  const token = newToken();
  await insertAccessToken(db, {
    ...{ id: deps.newId() as AccessTokenId, organizationId, userId, operator: false, scopes: [] },
    ...{ name: 'first admin', lookup: tokenLookup(token), hash: hashToken(token) },
    expiresInSeconds: undefined,
  });
  return { userId, token };
}

export async function listOrganizationPage(
  deps: Pick<ApiDeps, 'system'>,
  page: OrganizationPage,
): Promise<OrganizationRecord[]> {
  return inTransaction(deps.system, (db) => listOrganizations(db, page));
}

/** An operator reads any, everybody else the own one, which `me` names for all; throws NotFoundError. */
export async function getOne(
  deps: Pick<ApiDeps, 'system'>,
  caller: Caller,
  reference: OrganizationId | 'me',
): Promise<OrganizationRecord> {
  const own = caller.user?.organizationId;
  const id = reference === 'me' ? own : reference;
  if (id === undefined || (!caller.operator && own !== id)) {
    throw new NotFoundError('organization.not_found', 'There is no such organization');
  }
  return inTransaction(deps.system, (db) => getOrganization(db, id));
}

/** Throws NotFoundError, ConflictError when the slug is taken, and MalformedError for a sender that is none. */
export async function changeOrganization(
  deps: Pick<ApiDeps, 'system' | 'log'>,
  caller: Caller,
  id: OrganizationId,
  fields: OrganizationFields,
): Promise<OrganizationRecord> {
  checkSender(fields);
  const row = await inTransaction(deps.system, (db) => updateOrganization(db, id, fields));
  deps.log.info({
    ...{ event: 'organization.changed', organizationId: id, callerId: caller.id },
    fields: Object.keys(fields),
  });
  return row;
}

/** What it takes for a sender is what a channel takes for one. */
function checkSender({ mail_from: from, mail_reply_to: replyTo }: OrganizationFields): void {
  const settings = { ...(from != null && { from }), ...(replyTo != null && { reply_to: replyTo }) };
  const errors = validateSettings('email', settings, { egressAllow: [] }).map(({ pointer, detail }) => ({
    ...{ pointer: pointer.replace('/', '/mail_'), detail },
  }));
  const [first] = errors;
  if (first === undefined) return;
  throw new MalformedError('request.invalid', `${first.pointer}: ${first.detail}`, { errors });
}
