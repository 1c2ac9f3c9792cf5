import { mostSpecificRow, type PreferenceRow, type PreferenceScope } from '../preferences/preference-row.ts';
import type { ChannelKind } from '../vocabulary.ts';
import { isMalformed, quietEnd } from './quiet-time.ts';
import type { QuietMode, QuietWindow } from './quiet-window.ts';
import { localTime } from './zone-clock.ts';

/** Everything that says whether a delivery waits, besides the instant. */
export interface QuietContext {
  /** Of the category or template; passes everything. */
  mandatory: boolean;
  urgent: boolean;
  /** Whether the user wants quiet hours to hold urgent notifications too. */
  userForbidsUrgent: boolean;
  /** Whether the recipient asked for this very time: sent by and to the same user with `send_at`. */
  isReminder?: boolean;
  /** Nothing before this instant, whatever the windows say. */
  muteUntil: Date | null | undefined;
  scope: PreferenceScope;
  /** An external kind: the inbox is never quiet, its items arrive at once. */
  kind: ChannelKind;
  /** The user's rows, in any order; those about something else are passed over. */
  rows: readonly PreferenceRow[];
  /** The user's quiet hours for all that no row gives another window. */
  userWindow: QuietWindow | null | undefined;
  /** Mode of the category; undefined means `hold`. */
  mode: QuietMode | null | undefined;
}

/** The layers that can decide, first one first; `off` is a mode that lets everything through. */
export const quietLayers = [
  'mandatory',
  'urgent',
  'reminder',
  'off',
  'mute',
  'preference',
  'user',
  'none',
] as const;
export type QuietLayer = (typeof quietLayers)[number];

/** Which layer decided, and by what: for explain, and for the reason code of a delivery. */
export interface QuietWinner {
  layer: QuietLayer;
  /** The preference row whose window decided, on layer `preference`. */
  rowId?: string;
  /** The window that decided, on the layers `preference` and `user`. */
  window?: QuietWindow;
  /** What the clock showed in the window's zone, `YYYY-MM-DD HH:MM`; absent for a bad zone. */
  localTime?: string;
  /** Present when the stored window cannot be understood: it counted as no quiet time. Warn. */
  malformed?: true;
}

/** Where the mode is from. */
export type QuietModeSource = { layer: 'preference'; rowId: string } | { layer: 'category' };

export type QuietDecision =
  | {
      quiet: true;
      /** First instant at which, as things stand, nothing is quiet; without the spread of releases. */
      until: Date;
      mode: Exclude<QuietMode, 'off'>;
      modeSource: QuietModeSource;
      winner: QuietWinner;
    }
  | {
      quiet: false;
      until?: undefined;
      mode: QuietMode;
      modeSource: QuietModeSource;
      winner: QuietWinner;
    };

/**
 * Whether deliveries of this kind wait at `now`, until when, and who says so. Precedence: mandatory
 * → urgent (unless the user forbids it) → a reminder to oneself → mode off → mute → the most specific preference row that has
 * a window, even one that switches quiet hours off → the user's quiet hours → none.
 *
 * The mode is that of the most specific preference row that has one, else of the category. Pure,
 * total, and independent of the order of rows.
 */
export function resolveQuiet(context: QuietContext, now: Date): QuietDecision {
  const { mode, modeSource } = resolveMode(context);
  const passing = passingLayer(context);
  if (passing !== undefined) return { quiet: false, mode, modeSource, winner: { layer: passing } };
  if (mode === 'off') return { quiet: false, mode, modeSource, winner: { layer: 'off' } };
  const governing = governingWindow(context);
  const { muteUntil } = context;
  if (muteUntil != null && muteUntil > now) {
    // A mute that ends inside quiet hours is followed by them: the later end is the one to promise.
    const until = (governing && quietEnd(governing.window, muteUntil)) ?? muteUntil;
    return { quiet: true, until, mode, modeSource, winner: { layer: 'mute' } };
  }
  if (governing === undefined) return { quiet: false, mode, modeSource, winner: { layer: 'none' } };
  const winner = describeWinner(governing, now);
  const until = quietEnd(governing.window, now);
  if (until !== undefined) return { quiet: true, until, mode, modeSource, winner };
  if (isMalformed(governing.window)) winner.malformed = true;
  return { quiet: false, mode, modeSource, winner };
}

/** The window that governs a scope and kind, whatever the time is, and where it is from. */
export function governingWindow(
  context: Pick<QuietContext, 'rows' | 'scope' | 'kind' | 'userWindow'>,
): { layer: 'preference' | 'user'; rowId?: string; window: QuietWindow } | undefined {
  const { rows, scope, kind, userWindow } = context;
  const row = mostSpecificRow(rows, scope, kind, ({ window }) => window != null);
  if (row?.window != null) return { layer: 'preference', rowId: row.id, window: row.window };
  return userWindow == null ? undefined : { layer: 'user', window: userWindow };
}

function passingLayer(context: QuietContext): QuietLayer | undefined {
  if (context.mandatory) return 'mandatory';
  if (context.urgent && !context.userForbidsUrgent) return 'urgent';
  return context.isReminder === true ? 'reminder' : undefined;
}

function resolveMode({ rows, scope, kind, mode }: QuietContext): {
  mode: QuietMode;
  modeSource: QuietModeSource;
} {
  const row = mostSpecificRow(rows, scope, kind, (candidate) => candidate.mode != null);
  if (row?.mode != null) return { mode: row.mode, modeSource: { layer: 'preference', rowId: row.id } };
  return { mode: mode ?? 'hold', modeSource: { layer: 'category' } };
}

function describeWinner(
  governing: { layer: 'preference' | 'user'; rowId?: string; window: QuietWindow },
  now: Date,
): QuietWinner {
  const { layer, rowId, window } = governing;
  const winner: QuietWinner = { layer, window };
  if (rowId !== undefined) winner.rowId = rowId;
  const shown = localTime(window.zone, now);
  if (shown !== undefined) winner.localTime = shown;
  return winner;
}
