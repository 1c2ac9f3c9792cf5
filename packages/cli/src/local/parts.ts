import type { RecordedProcess } from './data-dir.ts';
import type { MailSink } from './mail-sink.ts';
import type { Supervised } from './supervise.ts';

/** What of a local stack runs so far; a failed start stops exactly that. */
export interface Parts {
  workers: Supervised[];
  api: Supervised | undefined;
  mailSink: MailSink | undefined;
  redis: Supervised | undefined;
  postgres: Supervised | undefined;
}

export function createParts(): Parts {
  return { workers: [], api: undefined, mailSink: undefined, redis: undefined, postgres: undefined };
}

/** Stops each part while those that it needs still run. */
export async function stopParts(parts: Parts): Promise<void> {
  await Promise.all(parts.workers.map((worker) => worker.stop()));
  await parts.api?.stop();
  await parts.mailSink?.stop();
  await parts.redis?.stop();
  await parts.postgres?.stop();
}

/** The parts that are processes of their own. */
export function listProcesses({ workers, api, redis, postgres }: Parts): Supervised[] {
  return [...workers, api, redis, postgres].filter((part) => part !== undefined);
}

/** What is to be written down, so that a later start finds it. */
export function recordOf(parts: Parts): RecordedProcess[] {
  return listProcesses(parts).flatMap((part) => part.running() ?? []);
}
