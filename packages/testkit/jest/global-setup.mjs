import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
const { bundleSuites } = await import('./suites.mjs');
const { openTestRun, startTestServers } = await import('../src/global-setup.ts');

// oxlint-disable-next-line import/no-default-export -- Jest loads the default export.
export default async function setUp(globalConfig, projectConfig) {
  const dir = await openTestRun();
  await Promise.all([bundleSuites(dir, globalConfig, projectConfig), startTestServers(dir)]);
}
