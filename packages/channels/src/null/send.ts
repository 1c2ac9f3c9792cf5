import { assertNever } from '@carillon/core';
import type { Adapter, AdapterDeps } from '../adapter.ts';
import { settingsReader } from '../settings-reader.ts';
import { nullSettings } from './schema.ts';

const readSettings = settingsReader(nullSettings);

/** Sends nothing and answers as its settings say, after their delay. */
export function createNullAdapter(deps: Pick<AdapterDeps, 'sleep'>): Adapter {
  return {
    async send({ target, signal }) {
      const settings = readSettings(target.settings);
      if (settings === undefined) return { outcome: 'reject', reason: 'channel settings are not valid' };
      if (signal.aborted || !(await slept(deps, settings.delay_ms ?? 0, signal))) {
        return { outcome: 'retry', reason: 'time was over before the end of the delay' };
      }
      const outcome = settings.outcome ?? 'sent';
      switch (outcome) {
        case 'sent':
          return { outcome };
        case 'retry':
        case 'reject':
          return { outcome, reason: `the channel is set to ${outcome}` };
        default:
          return assertNever(outcome);
      }
    },
    stop: async () => undefined,
  };
}

async function slept(
  deps: Pick<AdapterDeps, 'sleep'>,
  delayMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (delayMs === 0) return true;
  try {
    await deps.sleep(delayMs, signal);
    return true;
  } catch {
    return false;
  }
}
