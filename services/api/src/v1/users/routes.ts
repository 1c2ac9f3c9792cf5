import type { Router } from 'express';
import { createUser, deleteUser, getUser, listUsers, updateUser, writeUsers } from '@carillon/contracts';
import type { UserId } from '@carillon/core';
import { findUser } from '../../actions/find-user.ts';
import { changeOne, deleteOne, listPage, writeMany, writeOne } from '../../actions/users.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, replayedHeader } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { toPage, type Cursors } from '../../http/cursor.ts';
import { mountContactPoints } from './contact-points.ts';
import { fromUser, fromUserWriteResult, toUserFields } from './wire.ts';

/** The people and programs of an organization, and how to reach them. */
export function mountUsers(deps: ApiDeps, cursors: Cursors, router: Router): void {
  bind(deps, router, createUser, async ({ body, caller, key }) => {
    const { result, replayed } = await writeOne(deps, asUser(caller), toUserFields(body), key);
    return {
      status: result.created ? 201 : 200,
      body: fromUser(result.user),
      headers: {
        ...(result.created && { Location: `/v1/users/${result.user.id}` }),
        ...(replayed && replayedHeader),
      },
    };
  });

  bind(deps, router, writeUsers, async ({ body, caller }) => {
    const users = body.users.map((user) => ({ ...toUserFields(user), externalId: user.external_id }));
    const results = await writeMany(deps, asUser(caller), users);
    const written = results.map((result, index) =>
      fromUserWriteResult(result, index, users[index]?.externalId ?? ''),
    );
    return { status: 200, body: { results: written } };
  });

  bind(deps, router, listUsers, async ({ query, caller }) => {
    const user = asUser(caller);
    const newestFirst = query.order === 'newest';
    const scope = `users${newestFirst ? ':newest' : ''}:${user.user.organizationId}`;
    const cursor = query.cursor === undefined ? undefined : cursors.read(scope, query.cursor);
    const [updatedAtMs, id] = cursor?.key ?? [];
    const rows = await listPage(deps, user, {
      ...{ limit: query.limit + 1, externalId: query.external_id, email: query.email },
      ...{ search: query.search, newestFirst },
      updatedAfter: query.updated_after === undefined ? undefined : new Date(query.updated_after),
      edge:
        cursor === undefined
          ? undefined
          : {
              updatedAt: new Date(Number(updatedAtMs)),
              id: String(id) as UserId,
              direction: cursor.direction,
            },
    });
    const page = toPage(
      rows,
      { limit: query.limit, cursor },
      (row) => [row.updated_at.getTime(), row.id],
      (c) => cursors.write(scope, c),
    );
    return { status: 200, body: { ...page, data: page.data.map(fromUser) } };
  });

  mountContactPoints(deps, router);

  bind(deps, router, getUser, async ({ params, caller }) => {
    return { status: 200, body: fromUser(await findUser(deps, asUser(caller), params.id)) };
  });

  bind(deps, router, updateUser, async ({ params, body, caller }) => {
    return {
      status: 200,
      body: fromUser(await changeOne(deps, asUser(caller), params.id, toUserFields(body))),
    };
  });

  bind(deps, router, deleteUser, async ({ params, caller }) => {
    await deleteOne(deps, asUser(caller), params.id);
    return { status: 204 };
  });
}
