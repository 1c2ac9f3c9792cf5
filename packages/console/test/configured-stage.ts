import { claimChannelTests, recordChannelTest, type ChannelTestOutcome } from '@carillon/db';
import { pollUntil } from '@carillon/testkit';
import { startConsoleStage, type ConsoleStage } from './console-stage.ts';

/** A console over an installation that is furnished: people, categories, channels, templates. */
export interface ConfiguredStage extends ConsoleStage {
  /** That of the webhook "Ops room". */
  channelId: string;
  /** Does a worker's part: takes the next test of a channel and writes down what its target said. */
  answerTest(outcome: ChannelTestOutcome): Promise<void>;
}

/** `hostile` stands where others may write what they like: in a name, a profile and a template. */
export async function startConfiguredStage(hostile: string): Promise<ConfiguredStage> {
  const stage = await startConsoleStage();
  const channelId = await furnish(stage, hostile);
  await writeTemplates(stage, hostile);
  return {
    ...{ ...stage, channelId },
    async answerTest(outcome) {
      const { db } = stage.api.database;
      const [test] = await pollUntil(async () => {
        const claimed = await claimChannelTests(db, 1);
        return claimed.length > 0 && claimed;
      });
      if (test !== undefined) await recordChannelTest(db, test.id, outcome);
    },
  };
}

async function furnish({ ask }: ConsoleStage, hostile: string): Promise<string> {
  const ada = { external_id: 'ada', email: 'ada@example.com', name: 'Ada', zone: 'Europe/Berlin' };
  await ask('POST', '/users', ada);
  await ask('POST', '/users', { external_id: 'eve', name: hostile, profile: { [hostile]: hostile } });
  const hours = { start: '22:00', end: '07:00', days: [1, 2, 3, 4, 7] };
  await ask('PUT', '/users/external:ada/quiet-hours', hours);
  await ask('PUT', '/users/external:ada/rules', {
    steps: [{ type: 'notify_by_email' }, { type: 'wait', wait_seconds: 900 }, { type: 'notify_by_sms' }],
  });
  await ask('PUT', '/categories/billing', { name: 'Billing' });
  await ask('PUT', '/categories/security', { name: 'Security', mandatory: true });
  await ask('POST', '/channels', { kind: 'email', name: 'Mail', settings: {} });
  const settings = { url: 'https://example.com/hook' };
  return (await ask('POST', '/channels', { kind: 'webhook', name: 'Ops room', settings })).id;
}

async function writeTemplates({ ask }: ConsoleStage, hostile: string): Promise<void> {
  await ask('POST', '/templates', { key: 'hello', name: 'Hello' });
  const first = {
    variants: [{ title: 'Hi {{who}}', body: `{{who}}\n\n${hostile}` }],
    sample_data: { who: hostile },
  };
  await ask('POST', '/templates/hello/versions', first);
  await ask('POST', '/templates/hello/versions/1/publish');
  const second = { variants: [{ title: 'Hello {{who}}', body: 'Bye' }], sample_data: { who: 'Ada' } };
  await ask('POST', '/templates/hello/versions', second);
  await ask('PUT', '/template-parts/mail_layout/letter', {
    source: `<mjml><mj-body><mj-section><mj-column>
      <mj-text color="#ff0000">{{> @content}}</mj-text>
    </mj-column></mj-section></mj-body></mjml>`,
  });
}
