import type { FieldError } from '@carillon/core';
import Type from 'typebox';
import type { SettingsContext } from '../adapter.ts';
import { checkForm, checkUrls } from '../vendor-settings.ts';

/** Who tells what became of mails, and by what that is checked. */
export const mailEventSettings = {
  events: Type.Optional(
    Type.Enum(['ses', 'sendgrid'], {
      description: 'Who calls back about mails: Amazon SES through SNS, or SendGrid; nobody when left out',
    }),
  ),
  events_topic: Type.Optional(
    Type.String({ maxLength: 512, description: 'SES: ARN of the SNS topic that tells (arn:aws:sns:…)' }),
  ),
  events_url: Type.Optional(
    Type.String({
      ...{ minLength: 1, maxLength: 1_024 },
      description: "SES: base address of SNS; that of the topic's region when left out",
    }),
  ),
  events_key: Type.Optional(
    Type.String({
      maxLength: 1_024,
      description: 'SendGrid: verification key of the signed event webhook, in base64',
    }),
  ),
};

/** `arn:<partition>:sns:<region>:<account>:<name>`. */
const topicForm =
  /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2}(?:-[a-z]+)+-\d):\d{12}:[\w-]{1,256}(?:\.fifo)?$/;

/** What is wrong with them together. */
export function checkMailEvents(
  settings: Readonly<Record<string, unknown>>,
  context: SettingsContext,
): FieldError[] {
  const needed = { ses: 'events_topic', sendgrid: 'events_key' } as const;
  const name =
    settings['events'] === 'ses' || settings['events'] === 'sendgrid'
      ? needed[settings['events']]
      : undefined;
  const isMissing = name !== undefined && settings[name] === undefined;
  return [
    ...(isMissing
      ? [{ pointer: `/${name}`, detail: `is required for events of ${String(settings['events'])}` }]
      : []),
    ...checkForm(
      settings,
      'events_topic',
      topicForm,
      'must be the ARN of a topic: arn:aws:sns:region:account:name',
    ),
    ...checkForm(
      settings,
      'events_key',
      /^[A-Za-z0-9+/]{80,}={0,2}$/,
      'must be the key as SendGrid shows it, in base64',
    ),
    ...checkUrls(settings, ['events_url'], context),
  ];
}

/** Where Amazon SNS serves a topic: its certificates, and the address by which a subscription is confirmed. */
export function snsBaseUrl(topic: string): string | undefined {
  const [, partition, region] = topicForm.exec(topic) ?? [];
  if (partition === undefined || region === undefined) return undefined;
  return `https://sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

/** The name under which SendGrid gives our delivery back. */
export const sendGridArgument = 'carillon_delivery';

/**
 * Headers by which the events of a mail name its delivery. SES gives headers back; SendGrid gives back what this header
 * of its own says, and takes it away.
 */
export function eventHeaders(
  { events }: { events?: 'ses' | 'sendgrid' },
  deliveryId: string,
): Readonly<Record<string, string>> {
  if (events !== 'sendgrid') return {};
  return { 'X-SMTPAPI': JSON.stringify({ unique_args: { [sendGridArgument]: deliveryId } }) };
}
