import type { Router } from 'express';
import { createStreamTicket } from '@carillon/contracts';
import { issueStreamTicket } from '../../actions/stream-tickets.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';

/** Tickets for those who cannot send a header when they open the stream. */
export function mountTickets(deps: ApiDeps, router: Router): void {
  bind(deps, router, createStreamTicket, async ({ caller }) => {
    const { ticket, expiresAt } = await issueStreamTicket(deps, asUser(caller));
    return {
      status: 201,
      body: { ticket, expires_at: expiresAt.toISOString() },
      headers: { 'Cache-Control': 'no-store' },
    };
  });
}
