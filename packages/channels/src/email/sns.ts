import { verify, X509Certificate } from 'node:crypto';
import { refused, type InboundSurroundings, type RefusedInbound } from '../inbound.ts';
import { parseJson, recordOf, textOf } from '../json-values.ts';
import { snsBaseUrl } from './event-settings.ts';

/** A message of Amazon SNS whose signature fits. */
export type SnsMessage = { type: 'notification'; text: string } | { type: 'confirmation'; url: string };
type Fields = Readonly<Record<string, unknown>>;

/** What is signed, by the type of a message, in this order ("Verifying the signatures of Amazon SNS messages"). */
const signedFields: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
};
const hashes: Readonly<Record<string, string>> = { 1: 'sha1', 2: 'sha256' };

/**
 * Checks a post of SNS. Everybody may have topics there that are signed as well, so it counts only with the topic of the
 * channel; and a certificate counts only when SNS itself serves it. Undefined for a type that tells nothing.
 */
export async function readSns(
  body: string,
  settings: { events_topic?: string; events_url?: string },
  { now, fetchText }: InboundSurroundings,
): Promise<SnsMessage | RefusedInbound | undefined> {
  const { events_topic: topic = '', events_url: url = snsBaseUrl(topic) } = settings;
  if (url === undefined) return refused('not_set_up', 'events_topic of the channel is no topic of SNS');
  const message = recordOf(parseJson(body));
  const [signature, certificateUrl] = [textOf(message['Signature']), textOf(message['SigningCertURL'])];
  if (signature === undefined || certificateUrl === undefined) {
    return refused(
      'unsigned',
      'The body is no message of Amazon SNS with a signature; raw message delivery must be off',
    );
  }
  if (message['TopicArn'] !== topic)
    return refused('forged', 'The message is not of the topic in events_topic');
  const hash = hashes[String(message['SignatureVersion'])];
  if (hash === undefined || !isOf(url, certificateUrl)) {
    return refused('forged', `SigningCertURL does not lead to a certificate of ${url}`);
  }
  const fields = signedFields[String(message['Type'])];
  if (fields === undefined) return undefined;
  const certificate = readCertificate(await fetchText(certificateUrl), now);
  if (certificate === undefined) {
    return refused('forged', 'The certificate at SigningCertURL could not be had, or is not valid now');
  }
  const signed = Buffer.from(canonicalText(message, fields), 'utf8');
  if (!verify(hash, signed, certificate.publicKey, Buffer.from(signature, 'base64'))) {
    return refused('forged', 'The signature does not fit the message');
  }
  return contentOf(message, url);
}

function contentOf(message: Fields, baseUrl: string): RefusedInbound | SnsMessage {
  if (message['Type'] === 'Notification')
    return { type: 'notification', text: textOf(message['Message']) ?? '' };
  const confirmUrl = textOf(message['SubscribeURL']) ?? '';
  if (!isOf(baseUrl, confirmUrl)) return refused('forged', `SubscribeURL does not lead to ${baseUrl}`);
  return { type: 'confirmation', url: confirmUrl };
}

/** Whether an address is one of the service at `base`. */
function isOf(base: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { origin, username, password } = new URL(url);
  return origin === new URL(base).origin && username === '' && password === '';
}

/** Names and values, each in a line of its own; one that is absent is left out. */
function canonicalText(message: Fields, fields: readonly string[]): string {
  return fields
    .filter((name) => typeof message[name] === 'string')
    .map((name) => `${name}\n${String(message[name])}\n`)
    .join('');
}

function readCertificate(pem: string | undefined, now: Date): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pem ?? '');
    const isNow = new Date(certificate.validFrom) <= now && now <= new Date(certificate.validTo);
    return isNow && certificate.publicKey.asymmetricKeyType === 'rsa' ? certificate : undefined;
  } catch {
    return undefined;
  }
}
