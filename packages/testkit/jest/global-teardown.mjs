// The hooks that read TypeScript were registered by the global setup, in the same process.
const { stopTestServers } = await import('../src/global-teardown.ts');

// oxlint-disable-next-line import/no-default-export -- Jest loads the default export.
export default stopTestServers;
