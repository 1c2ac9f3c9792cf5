import type { VendorTexts } from '@carillon/channels/inbound';
import type { Clock, Log, NewId, SystemTemplate } from '@carillon/core';
import type { Database } from '@carillon/db';
import type { InboxPublisher, Producer, Throttle } from '@carillon/queue';
import type {
  Config,
  FaultPoint,
  Health,
  MailLayoutCompiler,
  Metrics,
  Passwords,
  RenderPool,
  Sealer,
  UnsubscribeTokens,
} from '@carillon/runtime';
import type { Acceptor } from './actions/accept.ts';
import type { SessionTokens } from './http/session-tokens.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { TokenHolders } from './http/token-holders.ts';
import type { JwtVerifier } from './http/jwt.ts';
import type { Hub } from './live/hub.ts';
import type { OrganizationFeeds } from './live/organization-feeds.ts';

/** Everything the API's parts may use; each takes what it needs as a picked type. */
export interface ApiDeps {
  config: Config;
  log: Log;
  clock: Clock;
  newId: NewId;
  /** Bytes fit for secrets. */
  randomBytes: (count: number) => Uint8Array;
  metrics: Metrics;
  fault: FaultPoint;
  /** As `carillon_api`: within `inOrganization` only rows of that organization. */
  db: Database;
  /** As `carillon_api` too, on connections that keep their statements: what every reader asks all the time. */
  inboxes: Database;
  /** As `carillon_system`: credentials, group commit, the hub's batches. */
  system: Database;
  producer: Producer;
  publisher: InboxPublisher;
  sealer: Sealer;
  /** Compiles and renders templates beside the main thread, for publishing and previews. */
  renderPool: RenderPool;
  /** Compiles layouts for mails beside the main thread, when they are written. */
  mailLayouts: MailLayoutCompiler;
  /** Templates that every organization is given. */
  /** Other systems' forms of the API, as far as they are switched on. */
  dialects: readonly Dialect[];
  systemTemplates: readonly SystemTemplate[];
  tokens: TokenHolders;
  sessions: SessionTokens;
  jwt: JwtVerifier | undefined;
  /** Of the links under mails. */
  unsubscribeTokens: UnsubscribeTokens;
  /** Asks vendors for what checks their callbacks. */
  vendorTexts: VendorTexts;
  passwords: Passwords;
  /** Counts what may not happen often. */
  throttle: Throttle;
  acceptor: Acceptor;
  hub: Hub;
  organizations: OrganizationFeeds;
  health: Health;
  /** First half of every stream position. */
  epoch: () => string;
}
