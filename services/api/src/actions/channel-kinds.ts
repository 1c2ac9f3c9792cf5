import { catalogue, type KindDescription } from '@carillon/channels/catalogue';
import { externalKinds } from '@carillon/core';

/** What may be known of each kind, in the order in which kinds are decided. */
export function listKinds(): readonly KindDescription[] {
  return externalKinds.map((kind) => catalogue[kind]);
}
