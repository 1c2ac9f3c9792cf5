import type { Captured, SendRequest, SendResult } from '@carillon/channels';

/** What deliveries go out by in this worker: an adapter, or what stands in its place while nothing may go out. */
export interface Sender {
  send(request: SendRequest): Promise<SendResult | Captured>;
  stop(): Promise<void>;
}
