export { expectNotification, type NotificationWish } from './expect-notification.ts';
export type { Mail, MailWish } from './last-mail.ts';
export { startCarillon, type StartOptions, type TestCarillon } from './start-carillon.ts';
