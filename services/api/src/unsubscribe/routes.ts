import type { IncomingMessage } from 'node:http';
import type { Request, Response, Router } from 'express';
import { loadUnsubscribe, setUnsubscribed } from '../actions/unsubscribe.ts';
import type { ApiDeps } from '../deps.ts';
import { sendProblem } from '../http/bind.ts';
import { hardenAnswer } from '../http/lean-lane.ts';
import { readForm } from './form.ts';
import { pageHeaders, renderGone, renderUnsubscribe, type Page } from './page.ts';
import { requestContext } from '../http/request-context.ts';

type UnsubscribeDeps = Pick<ApiDeps, 'db' | 'unsubscribeTokens' | 'throttle' | 'newId' | 'log' | 'config'>;

/**
 * The pages behind the links under mails. GET shows what would be switched off and changes nothing, since mailboxes
 * and scanners follow every link; POST switches it off at once, as RFC 8058 asks: without a redirect, cookies or a
 * second question. Nobody logs in: the token of the link is the whole credential, and no log tells it.
 */
export function mountUnsubscribe(deps: UnsubscribeDeps, router: Router): void {
  const path = '/u/:token';
  router.get(path, (request: Request, response: Response) =>
    answer(deps, request, response, async () => {
      const found = await loadUnsubscribe(deps, tokenOf(request));
      return found === undefined ? renderGone(languagesOf(request)) : renderUnsubscribe(found, undefined);
    }),
  );
  router.post(path, (request: Request, response: Response) =>
    answer(deps, request, response, async () => {
      const wish = (await readForm(request)).get('mails') === 'on' ? 'on' : 'off';
      const found = await setUnsubscribed(deps, tokenOf(request), wish);
      return found === undefined ? renderGone(languagesOf(request)) : renderUnsubscribe(found, wish);
    }),
  );
}

function answer(
  deps: UnsubscribeDeps,
  request: Request,
  response: Response,
  makePage: () => Promise<Page>,
): void {
  const { requestId } = requestContext(deps.newId, request, response);
  hardenAnswer(response);
  makePage().then(
    ({ status, html }) => {
      if (response.headersSent || response.destroyed) return;
      response.writeHead(status, { ...pageHeaders, 'Content-Length': Buffer.byteLength(html) });
      response.end(html);
    },
    (error: unknown) => sendProblem(deps, response, error, requestId),
  );
}

function tokenOf(request: Request): string {
  return String(request.params['token'] ?? '');
}

/** As the browser asks, best first; the weights of a list of wishes are in its order almost always. */
function languagesOf({ headers }: IncomingMessage): string[] {
  const wishes = (headers['accept-language'] ?? '').slice(0, 200).split(',');
  return wishes.map((wish) => wish.split(';', 1)[0]?.trim() ?? '').filter((tag) => tag !== '');
}
