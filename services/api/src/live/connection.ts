import type { AccessTokenId, OrganizationId, SessionId, UserId } from '@carillon/core';
import type { StreamForm, StreamMessage } from './form.ts';

/** Who is connected, and the credential that the connection lives and dies with. */
export interface LiveCaller {
  userId: UserId;
  organizationId: OrganizationId;
  tokenId: AccessTokenId | undefined;
  sessionId: SessionId | undefined;
  expiresAt: Date | undefined;
}

/** Why the server ends a connection, as WebSocket close codes (RFC 6455, section 7.4). */
export const closeCodes = {
  /** 1008, policy: the credential is no longer good. */
  revoked: 1008,
  /** 1012, service restart. */
  restart: 1012,
  /** 1013, try again later: the client reads too slowly, and may resume. */
  slow: 1013,
} as const;
export type CloseReason = keyof typeof closeCodes;

/** One open stream, whatever carries it. The hub writes, the transport sends. */
export interface Connection {
  caller: LiveCaller;
  /** What it is told, and how. */
  form: StreamForm;
  transport: 'websocket' | 'sse';
  send(message: StreamMessage): void;
  /** Bytes that were written and not taken by the other side yet. */
  bufferedBytes(): number;
  close(reason: CloseReason): void;
}
