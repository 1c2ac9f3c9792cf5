import type { Router } from 'express';
import {
  createTemplateVersion,
  getTemplateVersion,
  listTemplateVersions,
  previewTemplate,
  publishTemplateVersion,
  testSendTemplate,
} from '@carillon/contracts';
import { previewOne, testSend } from '../../actions/template-trials.ts';
import {
  addVersion,
  getWholeVersion,
  listVersions,
  publishVersion,
} from '../../actions/template-versions.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, replayedHeader } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { toPage, type CursorKey, type Cursors } from '../../http/cursor.ts';
import { fromAccepted, toTemplateRef } from '../notifications/wire.ts';
import { fromPreview, fromSummary, fromVersion, toNewVersion } from './wire.ts';

/** Versions of templates, and trying them out. */
export function mountTemplateVersions(deps: ApiDeps, cursors: Cursors, router: Router): void {
  bind(deps, router, listTemplateVersions, async ({ params, query, caller }) => {
    let cursor: CursorKey | undefined;
    const { templateId, versions } = await listVersions(
      deps,
      asUser(caller),
      toTemplateRef(params.template),
      (id) => {
        cursor = query.cursor === undefined ? undefined : cursors.read(`versions:${id}`, query.cursor);
        const edge =
          cursor === undefined ? undefined : { version: Number(cursor.key[0]), direction: cursor.direction };
        return { limit: query.limit + 1, edge };
      },
    );
    const page = toPage(
      versions,
      { limit: query.limit, cursor },
      (row) => [row.version],
      (c) => cursors.write(`versions:${templateId}`, c),
    );
    return { status: 200, body: { ...page, data: page.data.map(fromSummary) } };
  });

  bind(deps, router, createTemplateVersion, async ({ params, body, caller, key }) => {
    const ref = toTemplateRef(params.template);
    const { result, replayed } = await addVersion(deps, asUser(caller), ref, toNewVersion(body), key);
    const location = `/v1/templates/${result.template_id}/versions/${result.version}`;
    return {
      status: 201,
      body: fromVersion(result),
      headers: { Location: location, ...(replayed && replayedHeader) },
    };
  });

  bind(deps, router, getTemplateVersion, async ({ params, caller }) => {
    const ref = toTemplateRef(params.template);
    const { version } = await getWholeVersion(deps, asUser(caller), ref, Number(params.version));
    return { status: 200, body: fromVersion(version) };
  });

  bind(deps, router, publishTemplateVersion, async ({ params, caller }) => {
    const ref = toTemplateRef(params.template);
    const { version, variables } = await publishVersion(deps, asUser(caller), ref, Number(params.version));
    return { status: 200, body: { version: fromVersion(version), variables } };
  });

  bind(deps, router, previewTemplate, async ({ params, body, caller }) => {
    const { version, data, user, locale, kind } = body;
    const draft = body.draft && toNewVersion(body.draft);
    const wish = { version, draft, data, user, locale, kind };
    const preview = await previewOne(deps, asUser(caller), toTemplateRef(params.template), wish);
    return { status: 200, body: fromPreview(preview) };
  });

  bind(deps, router, testSendTemplate, async ({ params, body, caller, context }) => {
    const { to, version, data } = body;
    const wish = { to, version, data, context };
    const result = await testSend(deps, asUser(caller), toTemplateRef(params.template), wish);
    const first = result.notifications[0];
    return {
      status: 202,
      body: fromAccepted(result),
      headers: { Location: `/v1/notifications/${first?.id ?? ''}` },
    };
  });
}
