export { signUserToken, type UserTokenClaims } from './sign-user-token.ts';
export {
  verifyWebhook,
  WebhookError,
  type VerifiedWebhook,
  type WebhookEvent,
  type WebhookRequest,
} from './verify-webhook.ts';
