import type { Request, Response, Router } from 'express';
import {
  bodyBytesMaxBatch,
  compileRoute,
  receiveCallback as receiveCallbackRoute,
} from '@carillon/contracts';
import type { InboundRequest } from '@carillon/channels/inbound';
import { MalformedError, NotFoundError, type ChannelId } from '@carillon/core';
import { receiveCallback, type CallbackDeps } from '../../actions/callbacks.ts';
import type { ApiDeps } from '../../deps.ts';
import { sendProblem } from '../../http/bind.ts';
import { readBytes } from '../../http/read-body.ts';
import { requestContext } from '../../http/request-context.ts';

type InboundDeps = CallbackDeps & Pick<ApiDeps, 'newId' | 'log' | 'config'>;

/**
 * Where vendors call back. Nobody has a token here: the body is read as it is, whatever type it says to have, because
 * the signature is over its characters.
 */
export function mountInbound(deps: InboundDeps, router: Router): void {
  const route = compileRoute(receiveCallbackRoute);
  router.post('/v1/inbound/:channel_id', (request: Request, response: Response) => {
    const { requestId } = requestContext(deps.newId, request, response);
    const take = async (): Promise<void> => {
      const params = route.params(request.params);
      // One that is no id is as unknown as any other.
      if (!params.ok) throw new NotFoundError('channel.not_found', 'There is no such channel');
      const from = { clientIp: request.ip, requestId };
      const id = params.value.channel_id as ChannelId;
      await receiveCallback(deps, id, () => readCallback(deps, request), from);
    };
    take().then(
      () => {
        if (response.headersSent || response.destroyed) return;
        response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': 0 });
        response.end();
      },
      (error: unknown) => sendProblem(deps, response, error, requestId),
    );
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

async function readCallback({ config }: Pick<ApiDeps, 'config'>, request: Request): Promise<InboundRequest> {
  const bytes = await readBytes(request, bodyBytesMaxBatch);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    // As the vendor called it: what the request says of its host may be a proxy's.
    url: `${config.publicUrl.replace(/\/+$/, '')}${request.originalUrl}`,
    headers: Object.fromEntries(headers),
    body: decode(bytes),
  };
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new MalformedError('request.malformed', 'The body is not valid UTF-8', { cause });
  }
}
