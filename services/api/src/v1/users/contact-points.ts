import type { Router } from 'express';
import {
  createContactPoint,
  deleteContactPoint,
  listContactPoints,
  updateContactPoint,
  type ContactPoint,
} from '@carillon/contracts';
import type { ContactPointId } from '@carillon/core';
import type { ContactPointRecord } from '@carillon/db';
import { addAddress, changeAddress, listAddresses, removeAddress } from '../../actions/contact-points.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, replayedHeader } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { isoOrNull } from '../notifications/wire.ts';

/** The addresses of a user. */
export function mountContactPoints(deps: ApiDeps, router: Router): void {
  bind(deps, router, listContactPoints, async ({ params, caller }) => {
    const points = await listAddresses(deps, asUser(caller), params.id);
    return { status: 200, body: { data: points.map(fromContactPoint) } };
  });

  bind(deps, router, createContactPoint, async ({ params, body, caller, key }) => {
    const { kind, address, verified } = body;
    const point = { kind, address, verified };
    const { result, replayed } = await addAddress(deps, asUser(caller), params.id, point, key);
    return {
      status: 201,
      body: fromContactPoint(result),
      headers: {
        Location: `/v1/users/${result.user_id}/contact-points`,
        ...(replayed && replayedHeader),
      },
    };
  });

  bind(deps, router, updateContactPoint, async ({ params, body, caller }) => {
    const id = params.contact_point_id as ContactPointId;
    const point = await changeAddress(deps, asUser(caller), params.id, id, body);
    return { status: 200, body: fromContactPoint(point) };
  });

  bind(deps, router, deleteContactPoint, async ({ params, caller }) => {
    await removeAddress(deps, asUser(caller), params.id, params.contact_point_id as ContactPointId);
    return { status: 204 };
  });
}

function fromContactPoint(point: ContactPointRecord): ContactPoint {
  return {
    id: point.id,
    kind: point.kind,
    address: point.address,
    verified_at: isoOrNull(point.verified_at),
    bad_reason: point.bad_reason,
    created_at: point.created_at.toISOString(),
  };
}
