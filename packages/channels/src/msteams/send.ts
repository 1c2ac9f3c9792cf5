import type { Adapter, AdapterDeps } from '../adapter.ts';
import { settingsReader } from '../settings-reader.ts';
import { createVendorAdapter, recordOf, textOf, type VendorWords } from '../vendor-call.ts';
import { composeTeams } from './compose.ts';
import { msteamsSettings } from './schema.ts';

const readSettings = settingsReader(msteamsSettings);

/** Hands an Adaptive Card to a workflow of Teams, which answers that it has begun, not that it has posted. */
export function createTeamsAdapter(deps: AdapterDeps): Adapter {
  return createVendorAdapter(deps, ({ message, target }) => {
    const settings = readSettings(target.settings);
    if (settings === undefined) return { refused: 'channel settings are not valid' };
    const { url } = settings;
    return {
      url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(composeTeams(message, deps.publicUrl)),
      secrets: [url, ...secretsOf(url)],
      read: readWords,
    };
  });
}

/** What signs for the caller stands in the query of the address. */
function secretsOf(url: string): string[] {
  return URL.canParse(url) ? [...new URL(url).searchParams.values()].filter((value) => value.length > 8) : [];
}

/** Errors are told as `{"error": {"code", "message"}}`; the answer to what was taken is empty. */
function readWords(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  const { code, message } = recordOf(body?.['error']);
  const said = [textOf(code), textOf(message)].filter((part) => part !== undefined).join(': ');
  return { said };
}
