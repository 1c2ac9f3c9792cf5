import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
const { bundleLibraries } = await import('./bundles.mjs');
const { startTestServers } = await import('../src/global-setup.ts');

// oxlint-disable-next-line import/no-default-export -- Jest loads the default export.
export default async function setUp() {
  await Promise.all([bundleLibraries(), startTestServers()]);
}
