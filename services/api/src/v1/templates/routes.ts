import type { Router } from 'express';
import {
  createTemplate,
  deleteTemplate,
  deleteTemplatePart,
  getTemplate,
  getTemplatePart,
  listTemplateParts,
  listTemplates,
  pauseTemplate,
  putTemplatePart,
  resumeTemplate,
  updateTemplate,
} from '@carillon/contracts';
import { pauseTemplate as pause } from '../../actions/pauses.ts';
import { getPart, listParts, putPart, removePart } from '../../actions/template-parts.ts';
import { changeOne, createOne, getOne, listPage, removeOne } from '../../actions/templates.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, changed, replayedHeader } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { toPage, type Cursors } from '../../http/cursor.ts';
import { guardOf } from '../../http/etag.ts';
import { toTemplateRef } from '../notifications/wire.ts';
import { fromPart, fromPartSummary, fromTemplate, toFields } from './wire.ts';

/** Templates, and the partials and layouts that they share. */
export function mountTemplates(deps: ApiDeps, cursors: Cursors, router: Router): void {
  bind(deps, router, listTemplates, async ({ query, caller }) => {
    const user = asUser(caller);
    const scope = `templates:${user.user.organizationId}`;
    const cursor = query.cursor === undefined ? undefined : cursors.read(scope, query.cursor);
    const edge =
      cursor === undefined ? undefined : { key: String(cursor.key[0]), direction: cursor.direction };
    const rows = await listPage(deps, user, { limit: query.limit + 1, edge });
    const page = toPage(
      rows,
      { limit: query.limit, cursor },
      (row) => [row.key],
      (c) => cursors.write(scope, c),
    );
    return { status: 200, body: { ...page, data: page.data.map(fromTemplate) } };
  });

  bind(deps, router, createTemplate, async ({ body, caller, key }) => {
    const wish = { ...toFields(body), key: body.key, name: body.name };
    const { result, replayed } = await createOne(deps, asUser(caller), wish, key);
    return {
      status: 201,
      body: fromTemplate(result),
      headers: { Location: `/v1/templates/${result.id}`, ...(replayed && replayedHeader) },
    };
  });

  bind(deps, router, getTemplate, async ({ params, caller }) => {
    const row = await getOne(deps, asUser(caller), toTemplateRef(params.template));
    return { status: 200, body: fromTemplate(row) };
  });

  bind(deps, router, updateTemplate, async ({ params, body, caller, ifMatch }) => {
    const ref = toTemplateRef(params.template);
    const guard = guardOf(ifMatch, fromTemplate);
    return changed(fromTemplate(await changeOne(deps, asUser(caller), ref, toFields(body), guard)));
  });

  bind(deps, router, deleteTemplate, async ({ params, caller, ifMatch }) => {
    const ref = toTemplateRef(params.template);
    await removeOne(deps, asUser(caller), ref, guardOf(ifMatch, fromTemplate));
    return { status: 204 };
  });

  bind(deps, router, pauseTemplate, async ({ params, caller }) => {
    const row = await pause(deps, asUser(caller), toTemplateRef(params.template), true);
    return { status: 200, body: fromTemplate(row) };
  });

  bind(deps, router, resumeTemplate, async ({ params, caller }) => {
    const row = await pause(deps, asUser(caller), toTemplateRef(params.template), false);
    return { status: 200, body: fromTemplate(row) };
  });

  bind(deps, router, listTemplateParts, async ({ caller }) => {
    const rows = await listParts(deps, asUser(caller));
    return { status: 200, body: { data: rows.map(fromPartSummary) } };
  });

  bind(deps, router, getTemplatePart, async ({ params, caller }) => {
    return { status: 200, body: fromPart(await getPart(deps, asUser(caller), params)) };
  });

  bind(deps, router, putTemplatePart, async ({ params, body, caller, ifMatch }) => {
    const guard = guardOf(ifMatch, fromPart);
    return changed(fromPart(await putPart(deps, asUser(caller), params, body.source, guard)));
  });

  bind(deps, router, deleteTemplatePart, async ({ params, caller, ifMatch }) => {
    await removePart(deps, asUser(caller), params, guardOf(ifMatch, fromPart));
    return { status: 204 };
  });
}
