/** The public names for those that vendors call back. */
export type { Inbound, InboundEvent, InboundReading, InboundRefusal, InboundRequest } from './inbound.ts';
export { inbounds } from './inbound-registry.ts';
export { createVendorTexts, type VendorTexts } from './vendor-texts.ts';
