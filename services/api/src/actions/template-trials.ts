import {
  chooseVariant,
  InvalidError,
  MalformedError,
  NotFoundError,
  type ChannelKind,
  type RenderContext,
  type RenderedNotification,
  type RenderFailure,
  type TemplateRef,
} from '@carillon/core';
import {
  getTemplate,
  inOrganization,
  loadReaders,
  type NewTemplateVersion,
  type TemplateVariant,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { TriggerResult } from './accept.ts';
import { findUser } from './find-user.ts';
import { acceptNotifications } from './notifications.ts';
import { toRefusal } from './resolve.ts';
import {
  checkVersion,
  doesNotCompile,
  loadSources,
  toContent,
  toFieldError,
  type VersionSources,
  type VersionTexts,
} from './template-check.ts';
import { checkVariants, getWholeVersion } from './template-versions.ts';

export interface PreviewWish {
  version: number | undefined;
  /** In the place of a stored version. */
  draft: Omit<NewTemplateVersion, 'createdBy'> | undefined;
  /** The sample data unless given. */
  data: Record<string, unknown> | undefined;
  /** As a path names a user; the caller unless given. */
  user: string | undefined;
  locale: string | undefined;
  kind: ChannelKind | undefined;
}

/** A version rendered for one reader, and the wording that was chosen. */
export interface Preview {
  version: number;
  variant: TemplateVariant;
  rendered: RenderedNotification;
}

/** Renders and writes nothing. Throws InvalidError for what does not compile or fails with these data. */
export async function previewOne(
  deps: Pick<ApiDeps, 'db' | 'renderPool'>,
  caller: UserCaller,
  ref: TemplateRef,
  wish: PreviewWish,
): Promise<Preview> {
  const { version, sources } = await loadWished(deps, caller, ref, wish);
  const reader = await loadReader(deps, caller, wish.user);
  const context = wish.locale === undefined ? reader : withLocale(reader, wish.locale);
  const locales = [context.user, context.organization].map(({ locale }) =>
    typeof locale === 'string' ? locale : undefined,
  );
  const variant = chooseVariant(version.variants, wish.kind ?? 'inbox', locales);
  // Each version has a variant for every kind (addVersion).
  if (variant === undefined) throw new TypeError('a version has a text for every kind');
  const content = toContent(variant, sources, {
    onMissing: version.on_missing,
    isMail: wish.kind === 'email',
  });
  const [result] = await deps.renderPool.render([
    { content, data: wish.data ?? version.sample_data, context },
  ]);
  if (result?.outcome !== 'rendered') {
    const at = wish.draft === undefined ? '' : draftPointer;
    throw toFailure(result, `${at}/variants/${version.variants.indexOf(variant)}`);
  }
  return { version: version.version, variant, rendered: result };
}

const draftPointer = '/draft';

async function loadWished(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  ref: TemplateRef,
  { version: number, draft }: PreviewWish,
): Promise<{ version: VersionTexts; sources: VersionSources }> {
  if (draft === undefined) return getWholeVersion(deps, caller, ref, number);
  if (number !== undefined) {
    const detail = 'comes with `draft`: name one of the two';
    throw new MalformedError('request.invalid', `/version: ${detail}`, {
      errors: [{ pointer: '/version', detail }],
    });
  }
  checkVariants(draft.variants, draftPointer);
  const { organizationId } = caller.user;
  return inOrganization(deps.db, organizationId, async (db) => {
    const { latest_version: latest } = await getTemplate(db, organizationId, ref);
    const version: VersionTexts = {
      ...{ organization_id: organizationId, version: (latest ?? 0) + 1, variants: draft.variants },
      ...{ layout: draft.layout ?? null, layout_source: null, partials: {} },
      ...{ mail_layout: draft.mailLayout ?? null, mail_layout_html: null, published_at: null },
      ...{ data_schema: draft.dataSchema ?? null, sample_data: draft.sampleData },
      on_missing: draft.onMissing,
    };
    return { version, sources: await loadSources(db, version) };
  });
}

async function loadReader(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  reference: string | undefined,
): Promise<RenderContext> {
  const { id } = reference === undefined ? caller.user : await findUser(deps, caller, reference);
  const readers = await inOrganization(deps.db, caller.user.organizationId, (db) => loadReaders(db, [id]));
  const reader = readers.get(id);
  if (reader === undefined) throw new NotFoundError('user.not_found', 'There is no such user');
  return reader;
}

function withLocale(reader: RenderContext, locale: string): RenderContext {
  return { ...reader, user: { ...reader.user, locale } };
}

function toFailure(failure: RenderFailure | undefined, variant: string): InvalidError {
  const { detail = 'It was not rendered.', problems = [], missing = [] } = failure ?? {};
  if (problems.length > 0) return doesNotCompile(problems.map((one) => toFieldError(one, variant)));
  const errors = missing.map((path) => ({ pointer: '/data', detail: `has nothing for \`${path}\`` }));
  return new InvalidError('template.failed', detail, { errors: errors.slice(0, 20) });
}

export interface TestSendWish {
  version: number | undefined;
  data: Record<string, unknown> | undefined;
  /** As a path names a user; the caller unless given. */
  to: string | undefined;
}

/**
 * Sends a version to one user, through the way of every notification. Throws InvalidError for a draft that could not
 * be published, and for data that do not fit.
 */
export async function testSend(
  deps: Pick<ApiDeps, 'db' | 'renderPool' | 'acceptor' | 'newId' | 'metrics' | 'log'>,
  caller: UserCaller,
  ref: TemplateRef,
  { version: number, data, to, context }: TestSendWish & { context: RequestContext },
): Promise<Extract<TriggerResult, { outcome: 'accepted' }>> {
  const { template, version, sources } = await getWholeVersion(deps, caller, ref, number);
  if (version.published_at === null) await checkVersion(deps, version, sources);
  const { id } = to === undefined ? caller.user : await findUser(deps, caller, to);
  const draft = {
    ...{ to: [{ by: 'id' as const, id }], pointers: ['/to'], strict: true, pointer: '' },
    template: { ref: { by: 'id' as const, id: template.id }, version: version.version },
    content: {
      ...{ title: '', body: '', category: template.category, data: data ?? version.sample_data },
      ...{ actions: [], targets: [], url: undefined, icon: undefined, senderId: undefined },
      ...{ environment: '', project: '', urgent: false, kinds: undefined, expiresAt: undefined },
    },
  };
  const { triggers } = await acceptNotifications(deps, caller, {
    ...{ drafts: [draft], edge: 'v1', key: undefined, context },
  });
  const [result] = triggers;
  if (result === undefined) throw new TypeError('one trigger has one result');
  if (result.outcome === 'refused') throw toRefusal(result);
  deps.log.info({
    ...{ event: 'template.test_sent', templateId: template.id, version: version.version },
    callerId: caller.id,
  });
  return result;
}
