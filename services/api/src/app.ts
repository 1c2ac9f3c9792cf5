import type { RequestListener } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import { v1Routes } from '@carillon/contracts';
import { MalformedError, NotFoundError } from '@carillon/core';
import type { ApiDeps } from './deps.ts';
import { mountDialect } from './dialects/mount.ts';
import { sendProblem } from './http/bind.ts';
import { allowOrigins } from './http/cors.ts';
import { mountConsole } from './faces/console.ts';
import { mountDemo } from './faces/demo.ts';
import { mountInboxElement } from './faces/inbox.ts';
import { createCursors } from './http/cursor.ts';
import { hardenAnswer, leanLane } from './http/lean-lane.ts';
import { refuseOtherMethods } from './http/methods.ts';
import { requestContext } from './http/request-context.ts';
import { serveServerSentEvents } from './live/server-sent-events.ts';
import { mountCaptured } from './v1/captured/routes.ts';
import { mountCaughtMails } from './v1/caught-mails/routes.ts';
import { mountCategories } from './v1/categories/routes.ts';
import { mountChannels } from './v1/channels/routes.ts';
import { mountCancel } from './v1/notifications/cancel.ts';
import { mountDeadLetters } from './v1/dead-letters/routes.ts';
import { mountDeliveries } from './v1/deliveries/routes.ts';
import { mountExplain } from './v1/explain/routes.ts';
import { mountInbound } from './v1/inbound/routes.ts';
import { mountInbox } from './v1/inbox/routes.ts';
import { mountNotifications } from './v1/notifications/routes.ts';
import { mountOperation } from './v1/operation/routes.ts';
import { mountOrganizations } from './v1/organizations/routes.ts';
import { mountOverview } from './v1/overview/routes.ts';
import { mountPasswords } from './v1/passwords/routes.ts';
import { mountPreferences } from './v1/preferences/routes.ts';
import { mountRules } from './v1/rules/routes.ts';
import { mountSessions } from './v1/sessions/routes.ts';
import { mountSimulations } from './v1/simulations/routes.ts';
import { mountTickets } from './v1/inbox/tickets.ts';
import { mountTemplates } from './v1/templates/routes.ts';
import { mountTemplateVersions } from './v1/templates/versions.ts';
import { mountTokens } from './v1/tokens/routes.ts';
import { mountUnsubscribe } from './unsubscribe/routes.ts';
import { mountUsers } from './v1/users/routes.ts';
import { mountWebPush } from './v1/web-push/routes.ts';

/** The table of contents of the server: what is served, in the order of matching. */
export function createApp(deps: ApiDeps, secretKey: Uint8Array): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  // Who calls is taken from X-Forwarded-For only as far as the hops before it are named.
  app.set('trust proxy', [...deps.config.trustedProxies]);
  const cursors = createCursors(secretKey);

  // Pages for people: no other page calls them, so that origins have no say.
  mountUnsubscribe(deps, app);
  app.use(allowOrigins(deps));
  app.use((_request: Request, response: Response, next: NextFunction) => {
    hardenAnswer(response);
    next();
  });
  // The hot route first: every route before it costs each request a match.
  const lanes = mountNotifications(deps, cursors, app);
  app.get('/v1/inbox/stream', serveServerSentEvents(deps));
  mountTickets(deps, app);
  mountInbox(deps, cursors, app);
  mountExplain(deps, app);
  mountSimulations(deps, app);
  mountUsers(deps, cursors, app);
  mountWebPush(deps, app);
  mountPasswords(deps, app);
  mountSessions(deps, app);
  mountPreferences(deps, app);
  mountRules(deps, app);
  mountCategories(deps, app);
  mountTokens(deps, app);
  mountTemplates(deps, cursors, app);
  mountTemplateVersions(deps, cursors, app);
  mountChannels(deps, app);
  mountInbound(deps, app);
  mountDeliveries(deps, cursors, app);
  mountDeadLetters(deps, cursors, app);
  mountCaptured(deps, cursors, app);
  mountCaughtMails(deps, cursors, app);
  mountCancel(deps, app);
  mountOrganizations(deps, cursors, app);
  mountOverview(deps, app);
  mountOperation(deps, app);
  mountConsole(deps, app);
  mountInboxElement(deps, app);
  mountDemo(deps, app);

  for (const dialect of deps.dialects) mountDialect(deps, app, dialect);

  app.use(refuseOtherMethods(deps, v1Routes));
  app.use((request: Request, response: Response) => {
    const { requestId } = requestContext(deps.newId, request, response);
    const error = new NotFoundError('route.not_found', `There is no call ${request.method} ${request.path}`);
    sendProblem(deps, response, error, requestId);
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const { requestId } = requestContext(deps.newId, request, response);
    sendProblem(deps, response, asMalformed(error), requestId);
  });
  return leanLane(lanes, app);
}

/** The router throws a URIError, or an error with status 400, for a path whose escapes are broken. */
function asMalformed(error: unknown): unknown {
  const isRouters =
    error instanceof URIError || (error instanceof Error && 'status' in error && error.status === 400);
  return isRouters
    ? new MalformedError('request.malformed', 'The path is not properly encoded', { cause: error })
    : error;
}
