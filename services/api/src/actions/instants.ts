import { InvalidError, type NotificationContent } from '@carillon/core';

/** 366 days: the same day of the next year, whatever the year. */
export const sendAtMaxMs = 366 * 24 * 60 * 60 * 1000;

/**
 * Refuses what would expire before it is sent, and what is to be sent too late, as seen from `now`. `pointer` is the
 * JSON pointer of the create within its request. Throws InvalidError.
 */
export function checkInstants(
  { sendAt, expiresAt }: Pick<NotificationContent, 'sendAt' | 'expiresAt'>,
  pointer: string,
  now: Date,
): void {
  if (expiresAt !== undefined && expiresAt <= now) {
    throw new InvalidError('notification.expired', '`expires_at` must be in the future', {
      errors: [{ pointer: `${pointer}/expires_at`, detail: 'must be in the future' }],
    });
  }
  if (sendAt === undefined) return;
  if (expiresAt !== undefined && sendAt >= expiresAt) {
    throw new InvalidError('notification.expired', '`send_at` must be before `expires_at`', {
      errors: [{ pointer: `${pointer}/send_at`, detail: 'must be before `expires_at`' }],
    });
  }
  if (sendAt.getTime() - now.getTime() > sendAtMaxMs) {
    throw new InvalidError('notification.send_at_too_late', '`send_at` may lie one year ahead at most', {
      errors: [{ pointer: `${pointer}/send_at`, detail: 'must be at most one year ahead' }],
    });
  }
}
