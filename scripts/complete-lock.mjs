/**
 * Run after each change of package-lock.json: adds the optional packages of other platforms that npm left out
 * because the registry it asked does not have them. `npm run check` fails while one is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { missingPlatformPackages } from './check/lock-completeness.mjs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const missing = missingPlatformPackages(lock);
for (const { path: place, entry } of missing) lock.packages[place] = entry;
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
if (missing.length > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${missing.length} packages of other platforms added to package-lock.json`);
