import { loadConfig } from '@carillon/runtime';
import { pollUntil, silentLog, startSmtpSink, testRedisUrl, type SmtpSink } from '@carillon/testkit';
import { startWorker } from '../../../services/worker/src/start.ts';
import { startConsoleStage, type ConsoleStage } from './console-stage.ts';

/** A console over an installation in which things happen: a worker, and a mail server that does as told. */
export interface RunningStage extends ConsoleStage {
  mails: SmtpSink;
  /** Notifies Ada; resolves with the notification's id when its mail has come to its end. */
  notify(title: string): Promise<string>;
}

export async function startRunningStage(): Promise<RunningStage> {
  const mails = await startSmtpSink();
  // A number of its own: what is queued here is for this worker only.
  const redis = new URL(testRedisUrl());
  redis.pathname = '/11';
  const settings = {
    REDIS_URL: redis.href,
    ...{ SMTP_URL: mails.url, CARILLON_EGRESS_ALLOW: '127.0.0.0/8', METRICS_PORT: '0' },
  };
  const stage = await startConsoleStage(settings);
  const environment = {
    ...settings,
    DATABASE_URL: stage.api.databaseUrl,
    CARILLON_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  };
  const worker = await startWorker(loadConfig(environment), silentLog, environment);
  await stage.ask('POST', '/users', {
    ...{ external_id: 'ada', email: 'ada@example.com', name: 'Ada Lovelace', zone: 'Europe/Berlin' },
  });
  await stage.ask('POST', '/channels', { kind: 'email', name: 'Mail', settings: {} });

  async function isOver(id: string): Promise<boolean> {
    const { data } = await stage.ask('GET', `/deliveries?notification_id=${id}`);
    return data.length > 0 && data.every(({ state }: { state: string }) => !/pending|sending/.test(state));
  }

  return {
    ...{ ...stage, mails },
    async notify(title) {
      const body = { to: ['external:ada'], title, body: 'Look at **it**.', category: 'builds' };
      const { notifications } = await stage.ask('POST', '/notifications', body);
      const id = String(notifications[0].id);
      await pollUntil(() => isOver(id));
      return id;
    },
    async stop() {
      await worker.stop({ reason: 'signal', withinMs: 10_000 });
      await stage.stop();
      await mails.stop();
    },
  };
}
