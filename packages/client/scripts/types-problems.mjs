/**
 * Prints as JSON what @arethetypeswrong/core finds in a packed package: `node types-problems.mjs <tarball>`. A process
 * of its own, because that library brings a TypeScript of its own, which a bundle with others would not find.
 */
import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';

const bytes = new Uint8Array(readFileSync(process.argv[2] ?? ''));
const analysis = await checkPackage(createPackageFromTarballData(bytes));
const problems = 'problems' in analysis ? analysis.problems : [{ kind: 'NoTypes' }];
process.stdout.write(JSON.stringify(problems.map((problem) => ({ ...problem }))));
