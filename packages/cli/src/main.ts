#!/usr/bin/env node
import { redactText } from '@carillon/runtime';
import { parseCommand, runCommand } from './commands.ts';

try {
  await runCommand(parseCommand(process.argv.slice(2)));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`carillon: ${redactText(message)}\nSee \`carillon help\`.`);
  process.exitCode = 1;
}
