import {
  preferenceLayers,
  quietLayers,
  quietModes,
  type PreferenceLayer,
  type QuietLayer,
  type QuietMode,
} from '@carillon/core';
import Type, { type Static } from 'typebox';
import { flag, nullable, object, oneOf, text, uuid } from '../fields.ts';
import { QuietWindow } from './quiet-hours.ts';

const WonPreference = object({
  layer: oneOf<PreferenceLayer>(preferenceLayers, { description: 'The layer that won.' }),
  preference_id: nullable(uuid('The preference that won; null on the other layers.')),
});

const WonQuiet = object({
  layer: oneOf<QuietLayer>(quietLayers, { description: 'The layer that won.' }),
  preference_id: nullable(uuid('The preference that has the window; null on the other layers.')),
  window: Type.Unsafe<Static<typeof QuietWindow> | null>({
    ...QuietWindow,
    type: ['object', 'null'],
    description: 'The window that decided.',
  }),
  local_time: nullable(text(16, 'What the clock showed in the zone of the window, `YYYY-MM-DD HH:MM`.')),
  mode: nullable(oneOf<QuietMode>(quietModes, { description: 'What quiet time did to it.' })),
  malformed: flag('Whether the stored window could not be understood; it then counted as no quiet time.'),
});

function orNull<S extends typeof WonPreference | typeof WonQuiet>(schema: S, description: string) {
  return Type.Unsafe<Static<S> | null>({ ...schema, type: ['object', 'null'], description });
}

/** Who decided about one channel kind, where somebody chose something. */
export const decidedByFields = {
  preference: orNull(WonPreference, 'Whose word on "wanted or not" won; null: nobody chose anything.'),
  quiet: orNull(WonQuiet, 'Whose word on "now or later" won; null: nobody has quiet hours.'),
};
export type DecidedBy = {
  preference: Static<typeof WonPreference> | null;
  quiet: Static<typeof WonQuiet> | null;
};

export const decidedByExample: DecidedBy = {
  preference: null,
  quiet: {
    ...{ layer: 'user', preference_id: null },
    window: { start: '22:00', end: '07:00', zone: 'Europe/Berlin', days: null },
    ...{ local_time: '2026-03-01 23:14', mode: 'hold', malformed: false },
  },
};
