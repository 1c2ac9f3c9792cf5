import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@carillon/cli';
import { buildServices, pollUntil, temporaryDir } from '@carillon/testkit';
import { listProjectFiles } from './check/project-files.mjs';
import { shellBlocksOf } from './documents/fences.mjs';
import { createReader } from './documents/reader.mjs';
import { openTerminal } from './documents/terminal.mjs';

// Liveness, not speed: the local stack boots as often as the documents say.
jest.setTimeout(240_000);

const root = fileURLToPath(new URL('..', import.meta.url));
const documents = listProjectFiles(root).filter(
  ({ path, text }) => path.endsWith('.md') && shellBlocksOf(text).length > 0,
);
const readme = documents.filter(({ path }) => path === 'README.md');

let dir: string;
let terminal: ReturnType<typeof openTerminal>;
let reader: ReturnType<typeof createReader>;

beforeAll(async () => {
  await buildServices();
  dir = mkdtempSync(join(temporaryDir(), 'carillon-documents-'));
  const [port, receiverPort, pagePort] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const { PATH, HOME, LANG } = process.env;
  terminal = openTerminal(root, {
    dir,
    // What `npm start` does first, it did before these tests.
    env: {
      ...{ PATH, HOME, LANG, npm_config_ignore_scripts: 'true', npm_config_update_notifier: 'false' },
      // Whoever works here may be logged in elsewhere.
      CARILLON_CONFIG: join(dir, 'login.json'),
    },
    // Documents name the usual ports, which may be taken here.
    rename: (text) =>
      text
        .replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`)
        .replaceAll('127.0.0.1:9000', `127.0.0.1:${receiverPort}`)
        .replaceAll(/\b3000\b/g, String(pagePort))
        .replaceAll(
          'node docs/examples/react',
          `PORT=${pagePort} CARILLON_URL=http://127.0.0.1:${port} node docs/examples/react`,
        )
        .replaceAll('npm start', `PORT=${port} METRICS_PORT=0 npm start`)
        .replaceAll('webhook-receiver.mjs', `webhook-receiver.mjs ${receiverPort}`),
  });
  reader = createReader({ terminal, until: async (check) => void (await pollUntil(check, 30_000)) });
});
afterAll(async () => {
  await reader.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('who follows the documents word by word', () => {
  // It starts what all others use.
  it.each(readme)('gets through $path', async (document) => {
    await reader.follow(document, { stays: true });
  });

  it('has seen by then what README promises: a live inbox, a mail, a signed webhook', async () => {
    const mails = (): string[] => readdirSync(join(terminal.place, '.carillon', 'mail'));
    await pollUntil(() => mails().length > 0);
    const mail = readFileSync(join(terminal.place, '.carillon', 'mail', mails()[0] ?? ''), 'utf8');
    expect(mail).toContain('Backup finished');
    await pollUntil(() => reader.running().some((said) => said.includes('verified')));
  });

  it.each(documents.filter((document) => !readme.includes(document)))(
    'gets through $path',
    async (document) => {
      const left = await reader.follow(document);
      for (const why of left) expect(why).toMatch(/^\S+ \w.{8,}/);
    },
  );
});
