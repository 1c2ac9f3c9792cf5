import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
const { bundleSuites, suitesOf } = await import('./suites.mjs');
const { openTestRun, prepareBrowser, startTestServers } = await import('../src/global-setup.ts');

// oxlint-disable-next-line import/no-default-export -- Jest loads the default export.
export default async function setUp(globalConfig, projectConfig) {
  const dir = await openTestRun();
  const suites = suitesOf(globalConfig, projectConfig);
  const needBrowser = suites.some((path) => path.endsWith('.browser.test.ts'));
  await Promise.all([
    ...[bundleSuites(dir, suites, projectConfig), startTestServers(dir)],
    ...(needBrowser ? [prepareBrowser()] : []),
  ]);
}
