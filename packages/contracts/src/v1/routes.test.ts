import { describe, expect, it } from '@jest/globals';
import type { Route } from '../route.ts';
import { compileRoute, makeAjv } from '../validate.ts';
import { v1Routes } from './routes.ts';

const ajv = makeAjv({ allErrors: true });

interface Node {
  type?: unknown;
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  additionalProperties?: unknown;
  maxItems?: unknown;
  maxLength?: unknown;
  format?: unknown;
  enum?: unknown;
  const?: unknown;
  'x-free-form'?: boolean;
}

/** Every schema inside a schema with the path to it, itself included. */
function nodesOf(schema: Node, path = ''): { path: string; node: Node }[] {
  return [
    { path, node: schema },
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => nodesOf(inner, `${path}/${name}`)),
    ...(schema.items === undefined ? [] : nodesOf(schema.items, `${path}/-`)),
    // The choices of an object with fields of its own only say which of these go together.
    ...(schema.properties === undefined ? (schema.anyOf ?? []) : []).flatMap((inner) => nodesOf(inner, path)),
  ];
}

const typesOf = ({ type }: Node): unknown[] => (Array.isArray(type) ? type : [type]);
const requestsOf = (route: Route): Node[] =>
  [route.params, route.query, route.body].filter((part) => part !== undefined);
const answersOf = (route: Route): Node[] =>
  Object.values(route.responses).flatMap(({ schema }) => (schema === undefined ? [] : [schema]));

describe('v1Routes', () => {
  it('keeps the operation ids that client code is generated from', () => {
    expect(v1Routes.map(({ operationId }) => operationId)).toEqual([
      'createNotification',
      'createNotificationBatch',
      'listNotifications',
      'getNotification',
      'cancelNotifications',
      'cancelNotification',
      'explainNotification',
      'createSimulation',
      'listInbox',
      'notifySelf',
      'getInboxCounts',
      'openInboxStream',
      'createStreamTicket',
      'changeInboxItems',
      'readAllInbox',
      'getInboxItem',
      'explainInboxItem',
      'markInboxItemRead',
      'markInboxItemUnread',
      'markInboxItemSeen',
      'markInboxItemUnseen',
      'archiveInboxItem',
      'unarchiveInboxItem',
      'dismissInboxItem',
      'acknowledgeInboxItem',
      'deleteInboxItem',
      'createUser',
      'writeUsers',
      'listUsers',
      'getUser',
      'updateUser',
      'deleteUser',
      'setPassword',
      'deletePassword',
      ...['createSession', 'refreshSession', 'endSession'],
      'listContactPoints',
      'createContactPoint',
      'updateContactPoint',
      'deleteContactPoint',
      'getWebPushKey',
      'listPreferences',
      'putPreference',
      'putPreferences',
      'getEffectivePreferences',
      'deletePreference',
      'putTemplatePreference',
      'deleteTemplatePreference',
      'getQuietHours',
      'setQuietHours',
      'deleteQuietHours',
      'muteUser',
      'unmuteUser',
      'getRules',
      'setRules',
      'createRule',
      'updateRule',
      'deleteRule',
      'listCategories',
      'putCategory',
      'deleteCategory',
      'createToken',
      'listTokens',
      'revokeToken',
      'listTemplates',
      'createTemplate',
      'getTemplate',
      'updateTemplate',
      'deleteTemplate',
      'pauseTemplate',
      'resumeTemplate',
      'listTemplateVersions',
      'createTemplateVersion',
      'getTemplateVersion',
      'publishTemplateVersion',
      'previewTemplate',
      'testSendTemplate',
      'listTemplateParts',
      'getTemplatePart',
      'putTemplatePart',
      'deleteTemplatePart',
      'listChannelKinds',
      'createChannel',
      'listChannels',
      'getChannel',
      'updateChannel',
      'deleteChannel',
      'testChannel',
      'pauseChannel',
      'resumeChannel',
      'receiveCallback',
      'listDeliveries',
      'getDelivery',
      'listAttempts',
      'getDeliveryContent',
      'retryDelivery',
      'listDeadLetters',
      'replayDeadLetters',
      'listCaptured',
      'getPaused',
      'setPaused',
      ...['getOverview', 'listCaughtMails', 'getCaughtMail'],
      'createOrganization',
      'listOrganizations',
      'getOrganization',
      'updateOrganization',
      'getLiveness',
      'getReadiness',
      'getHealth',
      'getMetrics',
      'getOpenApi',
      'getDocs',
    ]);
  });

  it('has each operation id, and each method of a path, once', () => {
    const ids = v1Routes.map(({ operationId }) => operationId);
    const calls = v1Routes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(calls).size).toBe(calls.length);
  });

  it('lists a fixed path before one with a parameter in its place', () => {
    const shadowed = v1Routes.flatMap((later, index) =>
      v1Routes
        .slice(0, index)
        .filter(
          ({ method, path }) => method === later.method && path !== later.path && matches(path, later.path),
        )
        .map(({ path }) => `${path} hides ${later.path}`),
    );
    expect(shadowed).toEqual([]);
  });

  it('lets nobody in without a credential but where this list says so', () => {
    const open = v1Routes.filter(({ auth }) => auth === 'public').map(({ path }) => path);
    expect(open).toEqual([
      ...['/v1/sessions', '/v1/sessions/refresh', '/v1/sessions/end'],
      ...['/v1/inbound/{channel_id}', '/livez', '/readyz', '/metrics', '/openapi.json', '/docs'],
    ]);
  });
});

/** Whether a server that tries `pattern` first would answer a call of `path` by it. */
function matches(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
}

describe.each(v1Routes)('$operationId', (route) => {
  const compiled = compileRoute(route);

  it('has schemas that compile and are of their draft', () => {
    for (const schema of requestsOf(route)) expect(() => ajv.compile(schema)).not.toThrow();
  });

  it('has an example of a request that its own schemas take', () => {
    const { params = {}, query = {}, body } = route.example ?? {};
    expect(compiled.params(params)).toMatchObject({ ok: true });
    expect(compiled.query(query)).toMatchObject({ ok: true });
    expect(compiled.body(body)).toMatchObject({ ok: true });
  });

  it('has an example of each answer that has a body, and the example is of its schema', () => {
    for (const { schema, example } of Object.values(route.responses)) {
      if (schema === undefined) continue;
      const isValid = ajv.compile(schema);
      isValid(example);
      expect(isValid.errors ?? []).toEqual([]);
    }
  });

  it('takes and gives no object that is open, but where the fields are the caller’s own', () => {
    const open = [...requestsOf(route), ...answersOf(route)]
      .flatMap((schema) => nodesOf(schema))
      .filter(({ node }) => typesOf(node).includes('object'))
      .filter(({ node }) => node.additionalProperties !== false && node['x-free-form'] !== true);
    expect(open.map(({ path }) => path)).toEqual([]);
  });

  it('limits every text and list that a caller may send', () => {
    const unlimited = requestsOf(route)
      .flatMap((schema) => nodesOf(schema))
      .filter(
        ({ node }) =>
          (typesOf(node).includes('array') && node.maxItems === undefined) ||
          (typesOf(node).includes('string') &&
            [node.maxLength, node.format, node.enum, node.const].every((limit) => limit === undefined)),
      );
    expect(unlimited.map(({ path }) => path)).toEqual([]);
  });
});
