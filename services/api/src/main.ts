import {
  createLog,
  earlyLogLevel,
  loadConfig,
  readEnvironment,
  runProcess,
  version,
} from '@carillon/runtime';
import { startApi } from './start.ts';

const environment = readEnvironment();
const log = createLog({ service: 'api', version, level: earlyLogLevel(environment) });
await runProcess({
  name: 'api',
  log,
  start: () => startApi(loadConfig(environment), log, environment),
});
