export { startApi } from './start.ts';
