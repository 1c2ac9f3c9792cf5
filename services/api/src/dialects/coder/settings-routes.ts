import { CarillonError, NotFoundError, UnavailableError } from '@carillon/core';
import { listAll, setTemplatePreferences } from '../../actions/preferences.ts';
import { changeOne, getOne, listTexts } from '../../actions/templates.ts';
import { findUser, type UserReference } from '../../actions/find-user.ts';
import { getOrganization } from '../../actions/organization-of.ts';
import type { ApiDeps } from '../../deps.ts';
import type { DialectRoute } from '../dialect.ts';
import { everybody, isOwner } from '../rights.ts';
import { readMap, readObject, readText } from './body.ts';
import { pathId } from './inbox-routes.ts';
import { CoderRefusal, hidden } from './refusal.ts';
import { fromMethod, methods, toMethod, toPreferences, toTemplate } from './translate.ts';
import { parseUuid } from './uuid.ts';

const base = '/api/v2/notifications';

/** Methods, templates, and who wants which. */
export function settingsRoutes(deps: ApiDeps): DialectRoute[] {
  return [
    {
      ...{ method: 'GET', path: `${base}/dispatch-methods`, auth: everybody('inbox') },
      async handle({ caller }) {
        const { default_method: kind } = await getOrganization(deps, caller);
        const usual = toMethod(kind);
        // The inbox is no method of its own: everything is in it.
        const available = [...new Set([...methods.filter((one) => one !== 'inbox'), usual])];
        return { status: 200, body: { available, default: usual } };
      },
    },
    ...(['system', 'custom'] as const).map((source): DialectRoute => ({
      ...{ method: 'GET', path: `${base}/templates/${source}`, auth: everybody('inbox') },
      async handle({ caller }) {
        return { status: 200, body: (await listTexts(deps, caller, source)).map(toTemplate) };
      },
    })),
    {
      ...{ method: 'PUT', path: `${base}/templates/{id}/method`, auth: everybody('inbox') },
      async handle({ params, body, caller }) {
        const ref = { by: 'id', id: pathId(params['id'] ?? '') } as const;
        if (!isOwner(caller)) throw hidden();
        const method = readText(readObject(body), 'method');
        const kind = fromMethod(method);
        if (kind === undefined) throw invalidMethod(method);
        const template = await getOne(deps, caller, ref);
        if (template.dispatch_method === kind) return { status: 304 };
        await changeOne(deps, caller, ref, { dispatchMethod: kind });
        return { status: 200, body: { message: 'The method of the notification template was changed.' } };
      },
    },
    {
      ...{ method: 'GET', path: preferencesPath, auth: everybody('preferences') },
      async handle({ params, caller }) {
        const user = userReference(params['user'] ?? '');
        const { templateRows } = await listAll(deps, caller, user).catch(unknownUser);
        return { status: 200, body: toPreferences(templateRows) };
      },
    },
    {
      ...{ method: 'PUT', path: preferencesPath, auth: everybody('preferences') },
      async handle({ params, body, caller }) {
        const user = userReference(params['user'] ?? '');
        await findUser(deps, caller, user).catch(unknownUser);
        const wishes = readDisabledMap(body);
        const rows = await setTemplatePreferences(deps, caller, user, wishes).catch(notUpdated);
        return { status: 200, body: toPreferences(rows) };
      },
    },
  ];
}

const preferencesPath = '/api/v2/users/{user}/notifications/preferences';

/** `me`, an id or a user name. */
export function userReference(text: string): UserReference {
  if (text === 'me') return text;
  const id = parseUuid(text);
  return id === undefined ? { username: text } : id;
}

/** Who may not be seen is unknown, which Coder answers as a wrong request. */
export function unknownUser(error: unknown): never {
  if (!(error instanceof NotFoundError)) throw error;
  throw new CoderRefusal(400, '"user" must be an existing uuid or username.', { detail: error.message });
}

function readDisabledMap(body: unknown) {
  const map = readMap(readObject(body), 'template_disabled_map') ?? {};
  return Object.entries(map).map(([key, disabled]) => {
    const template = parseUuid(key);
    if (template === undefined) {
      const detail = `invalid UUID ${JSON.stringify(key.slice(0, 100))}`;
      throw new CoderRefusal(400, 'Unable to parse notification template UUID.', { detail });
    }
    if (typeof disabled !== 'boolean') {
      const detail = `template_disabled_map.${key} must be true or false`;
      throw new CoderRefusal(400, 'Request body must be valid JSON.', { detail });
    }
    return { template, kind: '' as const, enabled: !disabled };
  });
}

function notUpdated(error: unknown): never {
  if (!(error instanceof CarillonError) || error instanceof UnavailableError) throw error;
  const detail = error.message;
  throw new CoderRefusal(400, 'Failed to update user notifications preferences.', { detail });
}

function invalidMethod(method: string): CoderRefusal {
  const shown = JSON.stringify(method.slice(0, 100));
  const detail = `${shown} is not a valid method; ${methods.join(', ')} are the available options`;
  return new CoderRefusal(400, 'Invalid request to update notification template method', {
    validations: [{ field: 'method', detail }],
  });
}
