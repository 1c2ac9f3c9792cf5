/** The public names for those that send. Who only describes channels imports `@carillon/channels/catalogue`. */
export type {
  Adapter,
  AdapterDeps,
  Captured,
  CreateAdapter,
  KindDescription,
  Message,
  MessageDetails,
  MessageNotification,
  SendRequest,
  SendResult,
  Target,
} from './adapter.ts';
export { catalogue } from './catalogue.ts';
export { verifySmtp } from './email/verify.ts';
export { adapters } from './registry.ts';
