import type { ChannelRate } from '@carillon/core';
import Type from 'typebox';
import { integer, object } from '../fields.ts';

/** How much may be sent through a channel. */
export const channelRate = object({
  per_second: Type.Number({
    ...{ minimum: 0.001, maximum: 10_000 },
    description: 'Messages a second on average, over all workers; 0.5 is one each two seconds.',
  }),
  burst: integer(1, 10_000, 'Messages at once after a pause.'),
});

/** The same, or null. */
export function rateOrNull(description: string) {
  return Type.Unsafe<ChannelRate | null>({ ...channelRate, type: ['object', 'null'], description });
}
