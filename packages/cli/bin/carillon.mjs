#!/usr/bin/env node
// Stands here because npm links it before anything is built.
await import('../dist/main.js');
