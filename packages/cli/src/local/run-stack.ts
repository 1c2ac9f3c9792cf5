import { fileURLToPath } from 'node:url';
import { loadConfig, readEnvironment, runProcess } from '@carillon/runtime';
import { renderReady } from './screen.ts';
import { createScreenLog } from './screen-log.ts';
import type { Programs } from './services.ts';
import { startLocalStack } from './stack.ts';

/** Longer than a worker's drain, the API's and the servers' stop after one another. */
const stopWithinMs = 75_000;

/** `carillon start`: the local stack, until a signal. A second signal ends all of it at once. */
export async function start(): Promise<void> {
  const say = (line: string): void => console.log(line);
  await runProcess({
    name: 'local stack',
    log: createScreenLog(say),
    stopWithinMs,
    start: async ({ stopping }) => {
      const environment = readEnvironment();
      const config = loadConfig(environment);
      const stack = await startLocalStack({ say }, { config, environment, programs: programs() }, stopping);
      // What is left when this process goes, because it was forced or because it broke.
      process.once('exit', () => stack.forceEnd());
      console.log(renderReady(stack.facts));
      return {
        async stop() {
          say('Stopping: workers first, then the API, Redis and PostgreSQL');
          await stack.stop();
          say('Stopped');
        },
      };
    },
  });
}

/** The built services that the local stack runs. */
export function programs(): Programs {
  return {
    api: bundleOf(import.meta.resolve('@carillon/api')),
    worker: bundleOf(import.meta.resolve('@carillon/worker')),
  };
}

/** What scripts/bundle-services.mjs makes of a service, from where its package entry is: the sources or the build. */
function bundleOf(entryUrl: string): string {
  return fileURLToPath(new URL('../dist/bundle/main.js', entryUrl));
}
