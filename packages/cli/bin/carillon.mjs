#!/usr/bin/env node
// Stands here because npm links it before anything is built.
// oxlint-disable-next-line no-restricted-imports -- the built program is what people run
await import('../dist/main.js');
