import type { RequestListener, ServerResponse } from 'node:http';
import type { Route } from '@carillon/contracts';
import type { Serve } from './bind.ts';

/**
 * Serves the hot calls without Express' dispatch, which costs as much as all the rest of them. The
 * lane shares everything with the app (authentication, validation, handler, answers) and takes only
 * what needs nothing else of it: the exact path without a query, no page's Origin. A refused
 * credential goes to the app, which knows the client's address. A test sends the same requests
 * through both and compares the answers.
 */
export function leanLane(lanes: ReadonlyMap<Route, Serve>, app: RequestListener): RequestListener {
  const byLine = new Map([...lanes].map(([route, serve]) => [`${route.method} ${route.path}`, serve]));
  return (request, response) => {
    const serve = byLine.get(`${request.method} ${request.url}`);
    if (serve === undefined || request.headers.origin !== undefined) {
      app(request, response);
      return;
    }
    hardenAnswer(response);
    serve(request, response, { params: {}, query: {}, onUnauthenticated: () => app(request, response) });
  };
}

/** No browser may guess another type than the answer names. */
export function hardenAnswer(response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
}
