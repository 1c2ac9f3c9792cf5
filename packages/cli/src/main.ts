#!/usr/bin/env node
import { homedir } from 'node:os';
import { runCli } from './program.ts';

// `carillon deliveries | head`: who reads no further ends us, and that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const exitCode = await runCli(process.argv.slice(2), {
  ...{ environment: process.env, homeDir: homedir(), workDir: process.cwd() },
  ...{ stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
  now: () => new Date(),
});
if (exitCode !== 0) process.exitCode = exitCode;
