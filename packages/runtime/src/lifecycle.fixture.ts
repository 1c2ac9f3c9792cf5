import { createFaults } from './fault.ts';
import { loadConfig } from './config/load.ts';
import { createLog } from './log.ts';
import { runProcess, type RunningProcess, type StartContext } from './lifecycle.ts';
import { every, sleep } from './timers.ts';

/** A process for lifecycle.test.ts and fault.test.ts; the first argument says how it behaves. */
const behaviour = process.argv[2];
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function start({ stopping, fail }: StartContext): Promise<RunningProcess> {
  const heartbeat = every(3_600_000, () => undefined, { onError: fail, keepsAlive: true });
  if (behaviour === 'wrong-settings') loadConfig({ PORT: 'x', LOG_LEVEL: 'loud' });
  if (behaviour === 'failing-start') throw new Error('no route to\n postgres://user:hunter2@db');
  if (behaviour === 'slow-start') {
    say('starting');
    await sleep(60_000, stopping);
    throw new Error('told to stop');
  }
  if (behaviour === 'faults') passFaultPoints();
  // The line that runProcess logs comes later in the same turn; only then is the process ready.
  setImmediate(() => say('ready'));
  if (behaviour === 'throwing') setImmediate(() => setImmediate(() => breakDown()));
  if (behaviour === 'rejecting') setImmediate(() => void Promise.reject(new Error('nobody caught this')));
  if (behaviour === 'failing-later') setImmediate(() => fail(new Error('nothing claimed for 60 s')));
  return {
    async stop({ reason }) {
      say(`stop ${reason}`);
      if (behaviour === 'stuck-stop') {
        // By the clock that runProcess reads: what comes after this line is no echo of the first signal.
        await sleep(600);
        say('a moment later');
        await new Promise(() => undefined);
      }
      if (behaviour === 'hanging-stop' || behaviour === 'throwing') await new Promise(() => undefined);
      if (behaviour === 'failing-stop') throw new Error('cannot close');
      await heartbeat.stop();
      say('closed');
    },
  };
}

function breakDown(): void {
  throw new Error('a defect');
}

function passFaultPoints(): void {
  const faultPoint = createFaults(process.env);
  for (const name of ['claimed', 'sent', 'claimed', 'sent']) {
    say(`before ${name}`);
    faultPoint(name);
  }
}

void runProcess({
  name: 'fixture',
  log: createLog({ service: 'fixture', version: '0', level: 'info' }),
  start,
  stopWithinMs: behaviour === 'hanging-stop' || behaviour === 'slow-start' ? 1500 : 20_000,
});
