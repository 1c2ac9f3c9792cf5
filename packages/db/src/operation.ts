/** For those who run Carillon: calling back, holding back, what was given up or kept back, and sending it again. */
export {
  cancelNotifications,
  countCancellable,
  findCancelRange,
  walkCancelRange,
  type CancelCandidate,
  type CancelCounts,
  type CancelSelection,
  type CancelStretch,
} from './queries/cancel.ts';
export {
  deleteOldCaptured,
  insertCaptured,
  listCaptured,
  type CapturedMessage,
  type CapturedPage,
  type CapturedRecord,
} from './queries/captured.ts';
export {
  countReplayable,
  listDeadLetters,
  loadReplayStart,
  replayDeadLetters,
  type DeadLetterFilter,
  type DeadLetterPage,
  type DeadLetterRecord,
  type ReplayCounts,
  type ReplayWalk,
  type ReplayWish,
} from './queries/dead-letters.ts';
export {
  getDeliveryContent,
  lockForRetry,
  retryDelivery,
  type DeliveryContentRecord,
  type RetryCandidate,
} from './queries/delivery-retry.ts';
export { loadOverview, type KindOverview, type OverviewRecord } from './queries/overview.ts';
export { loadServerFacts, type ServerFacts } from './queries/server-facts.ts';
export { setChannelPaused, setTemplatePaused } from './queries/pauses.ts';
export { setAsidePaused } from './queries/set-aside.ts';
