import {
  createLog,
  earlyLogLevel,
  loadConfig,
  readEnvironment,
  runProcess,
  version,
} from '@carillon/runtime';
import { startWorker } from './start.ts';

const environment = readEnvironment();
const log = createLog({ service: 'worker', version, level: earlyLogLevel(environment) });
await runProcess({
  name: 'worker',
  log,
  start: () => startWorker(loadConfig(environment), log, environment),
});
