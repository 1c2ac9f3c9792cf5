import Type from 'typebox';
import type { KindDescription } from '../adapter.ts';

export const nullSettings = Type.Object(
  {
    delay_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
    outcome: Type.Optional(
      Type.Union([Type.Literal('sent'), Type.Literal('retry'), Type.Literal('reject')], {
        description: 'What each try ends as; sent when left out',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Reaches nobody: for measuring everything around an adapter, and for trying rules without sending. */
export const nullDescription: KindDescription = {
  kind: 'null',
  title: 'Null (reaches nobody)',
  settings: nullSettings,
  contactPoint: undefined,
  retryScheduleMs: [1_000, 5_000, 30_000],
  onUnknown: 'retry',
  slots: 2_000,
  digests: false,
  ignoresMessage: true,
  staysInside: true,
};
