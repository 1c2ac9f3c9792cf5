/** The public names of `@carillon/channels/catalogue`: what may be known of channels without being able to send. */
export type { KindDescription, RandomBytes, SettingsContext } from './adapter.ts';
export { catalogue, kindsWithoutContactPoint } from './catalogue.ts';
export { isAllowedAddress, parseEgressAllow, type EgressAllowance } from './egress-policy.ts';
export { endpointOf, rateOf } from './endpoint.ts';
export { checkOutgoingUrl } from './outgoing-url.ts';
export { fillSettings, secretFieldsOf, validateAddress, validateSettings } from './validate.ts';
export { newWebhookSecret } from './webhook/secret.ts';
