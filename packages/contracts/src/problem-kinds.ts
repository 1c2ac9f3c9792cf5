import { inboundProblems } from './inbound-problems.ts';
import { preferenceProblems } from './preference-problems.ts';
import { notFound, type ProblemKind } from './problem-kind.ts';
import { sessionProblems } from './session-problems.ts';
import { templateProblems } from './template-problems.ts';

/** Every code that `/v1` answers. A code, once published, keeps its meaning. */
export const problemKinds = {
  'request.malformed': {
    status: 400,
    title: 'The request cannot be read',
    explanation:
      'The body is not JSON, is nested deeper than 32 levels, or its encoding is broken. `detail` names line and column where they are known.',
  },
  'request.invalid': {
    status: 400,
    title: 'The request does not have the documented form',
    explanation:
      'A field, a query parameter or a part of the path is unknown, missing or of the wrong form. `errors` lists each place as a JSON pointer with what would be right; pointers below `/query` and `/path` mean the query string and the path.',
  },
  'cursor.invalid': {
    status: 400,
    title: 'The cursor is not one of this list',
    explanation: 'Cursors are opaque and belong to one list and one caller. Start again without a cursor.',
  },
  'idempotency.unsupported': {
    status: 400,
    title: 'This call takes no Idempotency-Key',
    explanation:
      'The answer holds a secret or a moment, which is never stored, so that a repeat could not give it again. Leave the header out.',
  },
  'idempotency.key_invalid': {
    status: 400,
    title: 'The Idempotency-Key is not usable',
    explanation: 'A key has 1 to 255 visible ASCII characters. A UUID made for each new call is a good key.',
  },
  'auth.required': {
    status: 401,
    title: 'A credential is required',
    explanation: 'Send `Authorization: Bearer <token>`. Tokens in a query string are refused.',
  },
  'auth.invalid': {
    status: 401,
    title: 'The credential is not valid',
    explanation:
      'The token is unknown, expired or revoked, or the JWT was refused. Which of these is not told.',
  },
  'auth.forbidden': {
    status: 403,
    title: 'The caller may not do this',
    explanation: 'The credential is valid, but the role of its user does not allow this call.',
  },
  'auth.scope_missing': {
    status: 403,
    title: 'The token lacks a scope',
    explanation:
      'The user may do this, but the token was limited to scopes that do not. `detail` names the missing one.',
  },
  'origin.refused': {
    status: 403,
    title: 'The page of this origin may not call',
    explanation: 'The `Origin` is not among those that the setting CARILLON_ALLOWED_ORIGINS names.',
  },
  'route.not_found': {
    status: 404,
    title: 'There is no such call',
    explanation: 'The path is not part of this API. The document at /openapi.json lists all calls.',
  },
  'organization.not_found': {
    status: 404,
    title: 'There is no such organization',
    explanation: notFound,
  },
  'user.not_found': {
    status: 404,
    title: 'There is no such user',
    explanation: notFound,
  },
  'contact_point.not_found': {
    status: 404,
    title: 'There is no such contact point',
    explanation: notFound,
  },
  'token.not_found': {
    status: 404,
    title: 'There is no such token',
    explanation: notFound,
  },
  'notification.not_found': {
    status: 404,
    title: 'There is no such notification',
    explanation: notFound,
  },
  'inbox.not_found': {
    status: 404,
    title: 'There is no such item in this inbox',
    explanation: notFound,
  },
  'channel.not_found': {
    status: 404,
    title: 'There is no such channel',
    explanation: notFound,
  },
  'delivery.not_found': {
    status: 404,
    title: 'There is no such delivery',
    explanation: notFound,
  },
  'mail.not_found': {
    status: 404,
    title: 'There is no such mail',
    explanation: 'It was never caught, or its file was removed.',
  },
  'delivery.not_rendered': {
    status: 404,
    title: 'Nothing was rendered for this delivery',
    explanation:
      'No try was begun yet, its kind sends no message, or it is to be rendered again at its next try.',
  },
  'delivery.content_removed': {
    status: 404,
    title: 'The content of this delivery was removed',
    explanation:
      'Its notification was deleted, cancelled or had expired before it was sent, and what was said is gone with it.',
  },
  'method.not_allowed': {
    status: 405,
    title: 'The path does not take this method',
    explanation: 'The header `Allow` lists the methods that it takes.',
  },
  'request.timeout': {
    status: 408,
    title: 'The request did not arrive in time',
    explanation: 'The whole request must arrive within 30 seconds. Nothing was stored.',
  },
  'idempotency.in_progress': {
    status: 409,
    title: 'The first call with this key is still running',
    explanation: 'Repeat after `Retry-After`: the answer of the first call is then given again.',
  },
  'user.external_id_taken': {
    status: 409,
    title: 'Another user has this external id',
    explanation: 'External ids are unique in an organization. To change that user, name it in the path.',
  },
  'user.email_taken': {
    status: 409,
    title: 'Another user has this e-mail address',
    explanation: 'E-mail addresses of users are unique in an organization, in any case of letters.',
  },
  'user.username_taken': {
    status: 409,
    title: 'Another user has this username',
    explanation: 'Usernames are unique in an organization.',
  },
  'user.last_admin': {
    status: 409,
    title: 'The user is the last admin of the organization',
    explanation:
      'Without an admin nobody could manage the organization. Make another user an admin first; then this one can be deleted or given another role.',
  },
  'organization.slug_taken': {
    status: 409,
    title: 'Another organization has this slug',
    explanation: 'Choose another slug.',
  },
  'contact_point.taken': {
    status: 409,
    title: 'The user has this address already',
    explanation: 'A user has an address once for each channel kind.',
  },
  'delivery.not_retryable': {
    status: 409,
    title: 'The delivery cannot be tried again',
    explanation:
      'Only what is dead, unknown or expired can, and only while its notification and its recipient are there and it was not cancelled. `detail` says what stands against it.',
  },
  'delivery.confirmation_required': {
    status: 409,
    title: 'The delivery may have arrived',
    explanation:
      'Nobody knows whether the target took it, so trying again may tell the recipient twice. Send `confirm: true` when that is better than not at all.',
  },
  'delivery.expired': {
    status: 409,
    title: 'The notification of this delivery has expired',
    explanation:
      'What it says may not be true any more. Send `include_expired: true` to send it all the same.',
  },
  'limit.reached': {
    status: 409,
    title: 'There are as many of these as may be',
    explanation:
      'A user may have 100 addresses, 100 valid tokens, 200 preferences, 500 preferences about templates and 50 rules in each list, an organization 100 channels, 200 categories, 1,000 templates and 200 partials and layouts, a template 1,000 versions. Remove some first.',
  },
  'template.switched_off': {
    status: 409,
    title: 'The template is switched off for its recipient',
    explanation:
      'The template is disabled, or its recipient switched it off. Sends to others are accepted and suppressed; one to oneself is refused, so that the sender learns why nothing comes. Switch it on in the preferences.',
  },
  'notification.duplicate': {
    status: 409,
    title: 'The same was sent before',
    explanation: 'A dialect refuses what it has sent a moment ago. Wait, or change the text.',
  },
  'notification.number_taken': {
    status: 409,
    title: 'Another notification has this number',
    explanation:
      'A dialect whose clients choose numbers was given one that is in use. Leave it out to get the next free one.',
  },
  'precondition.failed': {
    status: 412,
    title: 'It was changed since it was read',
    explanation:
      '`If-Match` names another state than the present one, so that somebody else’s change would be lost. Nothing was stored. Read it again, make the change anew, and send the new `ETag`.',
  },
  'request.too_large': {
    status: 413,
    title: 'The request is too large',
    explanation: 'A body may have 256 KiB, a batch 1 MiB. Split it.',
  },
  'request.unsupported_media_type': {
    status: 415,
    title: 'The body is not application/json',
    explanation: 'Send `Content-Type: application/json`, in UTF-8, not compressed.',
  },
  'recipient.unknown': {
    status: 422,
    title: 'A recipient is not known',
    explanation:
      'No user of the organization has this id, external id or e-mail address; `errors` names each. Nothing was stored. With `strict_recipients: false` the others are notified; an inline user is created instead.',
  },
  'recipients.too_many': {
    status: 422,
    title: 'Too many recipients in one call',
    explanation: 'One call may name 1,000 recipients in sum over its notifications.',
  },
  'sender.unknown': {
    status: 422,
    title: 'The sender is not known',
    explanation: '`sender_id` is no user of the organization.',
  },
  'notification.expired': {
    status: 422,
    title: 'The notification would expire before it is sent',
    explanation: '`expires_at` must be in the future, and after `send_at`.',
  },
  'notification.send_at_too_late': {
    status: 422,
    title: 'The notification is to be sent too far in the future',
    explanation: '`send_at` may lie one year ahead at most.',
  },
  'notification.labels_invalid': {
    status: 422,
    title: 'The labels cannot be a part of the data',
    explanation:
      '`labels` becomes the field `labels` of `data`: do not give both, and keep them within 64 KiB of JSON together.',
  },
  'simulation.inline_user': {
    status: 422,
    title: 'A simulation takes known users only',
    explanation:
      'A simulation writes nothing, so it cannot make the user either. Name somebody who is known, by id, `external:<id>` or e-mail address.',
  },
  'simulation.at_out_of_range': {
    status: 422,
    title: 'The instant of the simulation is too far away',
    explanation: '`at` may lie one year before or after now at most.',
  },
  'channel.settings_invalid': {
    status: 422,
    title: 'The settings do not fit the kind of channel',
    explanation: '`errors` names each wrong setting. docs/channels.md describes the settings of each kind.',
  },
  'contact_point.address_invalid': {
    status: 422,
    title: 'The address does not fit the kind of channel',
    explanation: '`errors` says what would be right.',
  },
  'idempotency.key_reused': {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    explanation:
      'The same caller used the key within 24 hours with another body or another call. Make a new key for each new call.',
  },
  'rate.limited': {
    status: 429,
    title: 'Too many requests',
    explanation: 'Wait as long as `Retry-After` says. The `RateLimit` headers tell the share that is left.',
  },
  'request.headers_too_large': {
    status: 431,
    title: 'The headers are too large',
    explanation: 'All headers together may have 16 KiB.',
  },
  'internal.error': {
    status: 500,
    title: 'Carillon failed',
    explanation: 'This is a fault of Carillon. The log has the cause under the `request_id`.',
  },
  'target.failed': {
    status: 502,
    title: 'The tested target did not take the message',
    explanation: 'Only a test of a channel answers so. `detail` says what the target answered.',
  },
  'database.unavailable': {
    status: 503,
    title: 'The database is away',
    explanation: 'Nothing was stored. Repeat after `Retry-After`, with the same Idempotency-Key.',
  },
  'service.overloaded': {
    status: 503,
    title: 'Carillon has more to do than it can',
    explanation: 'Nothing was stored. Repeat after `Retry-After`, with the same Idempotency-Key.',
  },
  'service.unavailable': {
    status: 503,
    title: 'Carillon does not take requests now',
    explanation: 'Nothing was stored. Repeat after `Retry-After`, with the same Idempotency-Key.',
  },
  ...preferenceProblems,
  ...inboundProblems,
  ...sessionProblems,
  ...templateProblems,
} as const satisfies Record<string, ProblemKind>;
