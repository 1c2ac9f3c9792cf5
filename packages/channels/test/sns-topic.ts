import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trackOpen } from '@carillon/testkit';
import { generate } from 'selfsigned';

/** Amazon SNS with one topic, on a free loopback port: it signs as its documentation says and serves its certificate. */
export interface SnsTopic {
  arn: string;
  baseUrl: string;
  /** Addresses of subscriptions that were confirmed. */
  confirmed: readonly string[];
  /** How often the certificate was asked for. */
  certificatesServed: number;
  /** The body of a post that tells of something. */
  notify(message: unknown, changes?: Record<string, unknown>): string;
  /** The body of the post that asks whether the address wants to be told. */
  askToConfirm(changes?: Record<string, unknown>): string;
  stop(): Promise<void>;
}

const certificatePath = '/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem';

/** Made once for a suite, when one asks for it. */
let made: { private: string; cert: string } | undefined;
function makeCertificate(): { private: string; cert: string } {
  const keyPair = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return generate([{ name: 'commonName', value: 'sns.amazonaws.com' }], {
    ...{ algorithm: 'sha256', days: 2, keyPair },
  });
}

/** `version` 1 signs with SHA-1, 2 with SHA-256, as topics may be set. */
export async function startSnsTopic({ version = '2' }: { version?: '1' | '2' } = {}): Promise<SnsTopic> {
  const certificate = (made ??= makeCertificate());
  const confirmed: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    if (url === certificatePath) {
      topic.certificatesServed += 1;
      response.end(certificate.cert);
    } else if (request.method === 'GET' && url.startsWith('/?Action=ConfirmSubscription')) {
      confirmed.push(url);
      response.end('<ConfirmSubscriptionResponse/>');
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const arn = 'arn:aws:sns:eu-central-1:123456789012:mail-events';
  const shared = {
    ...{ MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324', TopicArn: arn },
    ...{ Timestamp: '2026-03-01T08:00:00.000Z', SignatureVersion: version },
    SigningCertURL: `${baseUrl}${certificatePath}`,
  };

  /** `changes` are made after signing: they are what somebody else did to the message. */
  function signed(
    message: Record<string, string>,
    names: string[],
    changes: Record<string, unknown>,
  ): string {
    const text = names.map((name) => `${name}\n${message[name]}\n`).join('');
    const signature = createSign(version === '1' ? 'sha1' : 'sha256').update(text, 'utf8');
    return JSON.stringify({
      ...message,
      Signature: signature.sign(certificate.private, 'base64'),
      ...changes,
    });
  }

  const topic: SnsTopic = {
    ...{ arn, baseUrl, confirmed, certificatesServed: 0 },
    notify: (message, changes = {}) =>
      signed(
        { ...shared, Type: 'Notification', Message: JSON.stringify(message) },
        ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'],
        changes,
      ),
    askToConfirm: (changes = {}) =>
      signed(
        {
          ...{ ...shared, Type: 'SubscriptionConfirmation', Token: '2336412f37' },
          Message: `You have chosen to subscribe to the topic ${arn}.`,
          SubscribeURL: `${baseUrl}/?Action=ConfirmSubscription&TopicArn=${arn}&Token=2336412f37`,
        },
        ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
        changes,
      ),
    stop() {
      untrack();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
  const untrack = trackOpen('topic of SNS', () => topic.stop());
  return topic;
}
