/** `npm run bench`: what the machine can do, and what Carillon does on it, in one run. See docs/benchmarks.md. */
import { run } from './src/run.mjs';

process.exitCode = await run(process.argv.slice(2));
