export {
  createInboxPublisher,
  createInboxSubscriber,
  type BusOptions,
  type InboxMove,
  type InboxPublisher,
  type InboxSubscriber,
} from './bus.ts';
export { connectRedis, disconnectRedis, type ConnectionUse, type RedisConnectOptions } from './connection.ts';
export { createConsumer, type Consumer, type ConsumerOptions } from './consumer.ts';
export {
  defaultPrefix,
  deliverQueueName,
  dispatchQueueName,
  inboxHintChannel,
  organizationHintChannel,
  queueLanes,
  type QueueLane,
} from './names.ts';
export { loadRedisFacts, type RedisFacts } from './facts.ts';
export { createProducer, type Producer, type ProducerOptions } from './producer.ts';
export {
  createLocalRateLimiter,
  createRateLimiter,
  type RateLimiter,
  type TurnRequest,
} from './rate-limiter.ts';
export { turnHorizonMs, type Turn } from './turns.ts';
export {
  createThrottle,
  type Throttle,
  type ThrottleLimit,
  type ThrottleOptions,
  type ThrottleState,
} from './throttle.ts';
