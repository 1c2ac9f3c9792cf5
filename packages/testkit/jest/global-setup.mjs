import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
const { startTestServers } = await import('../src/global-setup.ts');

// oxlint-disable-next-line import/no-default-export -- Jest loads the default export.
export default startTestServers;
