import { CarillonError, ForbiddenError, TooManyError, UnavailableError } from '@carillon/core';
import { getPause, pause } from '../../actions/deliveries.ts';
import { sendToSelf } from '../../actions/send-to-self.ts';
import type { ApiDeps } from '../../deps.ts';
import type { DialectCall, DialectRoute } from '../dialect.ts';
import { everybody, isOwner } from '../rights.ts';
import { readBoolean, readMap, readObject, readText } from './body.ts';
import { CoderRefusal } from './refusal.ts';
import { customTemplate, testTemplate } from './templates/index.ts';

const base = '/api/v2/notifications';
/** Bytes of UTF-8. */
const titleMax = 120;
const messageMax = 2_000;

/** Pausing everything, and sending to oneself. */
export function sendingRoutes(deps: ApiDeps): DialectRoute[] {
  return [
    {
      ...{ method: 'GET', path: `${base}/settings`, auth: everybody('inbox') },
      async handle({ caller }) {
        const { pausedAt } = await getPause(deps, caller);
        return { status: 200, body: { notifier_paused: pausedAt !== null } };
      },
    },
    {
      ...{ method: 'PUT', path: `${base}/settings`, auth: everybody('inbox') },
      async handle({ body, caller }) {
        const wanted = readBoolean(readObject(body), 'notifier_paused');
        const { pausedAt, chosen } = await getPause(deps, caller);
        // Compared before the right is asked for: who repeats what is so changes nothing.
        if (chosen && (pausedAt !== null) === wanted) return { status: 304 };
        if (!isOwner(caller)) {
          throw new ForbiddenError('auth.forbidden', 'Only an owner may pause and resume notifications');
        }
        await pause(deps, caller, { paused: wanted });
        return { status: 200, body: { notifier_paused: wanted } };
      },
    },
    {
      ...{ method: 'POST', path: `${base}/custom`, auth: everybody('send') },
      async handle({ body, caller, context }) {
        if (caller.user.role === 'system') {
          const detail = 'System users cannot send custom notifications.';
          throw new CoderRefusal(403, 'Forbidden', { detail });
        }
        const { title, message } = readContent(body);
        const minute = deps.clock.now().toISOString().slice(0, 16);
        await sendToSelf(deps, caller, {
          ...{ templateId: customTemplate.id, edge: 'coder', context },
          data: { labels: { custom_title: title, custom_message: message } },
          mark: JSON.stringify([title, message, minute]),
        }).catch(failed('Failed to send custom notification'));
        return { status: 204 };
      },
    },
    {
      ...{ method: 'POST', path: `${base}/test`, auth: everybody('send') },
      async handle({ caller, context }) {
        if (!isOwner(caller)) {
          throw new ForbiddenError('auth.forbidden', 'Only an owner may send a test notification');
        }
        // Each one is another: its mark is never seen again.
        await sendToSelf(deps, caller, {
          ...{ templateId: testTemplate.id, edge: 'coder', context },
          ...{ data: { labels: {} }, mark: deps.newId() },
        }).catch(failed('Failed to send test notification'));
        return { status: 204 };
      },
    },
  ];
}

function readContent(body: DialectCall['body']): { title: string; message: string } {
  const content = readMap(readObject(body), 'content');
  if (content === undefined) throw invalid('content must hold a title and a message');
  const title = readText(content, 'title');
  const message = readText(content, 'message');
  if (title.trim() === '' || message.trim() === '') {
    throw invalid('content must have a non-empty title and a non-empty message');
  }
  if (Buffer.byteLength(title) > titleMax) throw invalid(`title must not be longer than ${titleMax} bytes`);
  if (Buffer.byteLength(message) > messageMax)
    throw invalid(`message must not be longer than ${messageMax} bytes`);
  return { title, message };
}

function invalid(detail: string): CoderRefusal {
  return new CoderRefusal(400, 'Invalid request body', { detail });
}

/** Everything that keeps it from being sent, under Coder's message; Coder itself answers 500. */
function failed(message: string) {
  return (error: unknown): never => {
    const isForLater = error instanceof UnavailableError || error instanceof TooManyError;
    if (!(error instanceof CarillonError) || isForLater) throw error;
    throw new CoderRefusal(409, message, { detail: error.message });
  };
}
