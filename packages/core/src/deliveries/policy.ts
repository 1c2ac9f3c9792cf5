import {
  resolvePreference,
  type PreferenceLayer,
  type TemplatePreferenceRow,
} from '../preferences/resolve-preference.ts';
import type { PreferenceRow, PreferenceScope } from '../preferences/preference-row.ts';
import { resolveQuiet, type QuietDecision, type QuietLayer } from '../quiet-hours/resolve-quiet.ts';
import { releaseSpreadMs } from '../quiet-hours/release-spread.ts';
import type { QuietMode, QuietWindow } from '../quiet-hours/quiet-window.ts';
import { localDate } from '../quiet-hours/zone-clock.ts';
import type { RuleLists } from '../rules/choose-list.ts';
import { externalKinds } from '../vocabulary.ts';
import type { ChannelKind, ExternalKind, HeldReason, ReasonCode, UserId } from '../vocabulary.ts';

/** What one user chose, as far as deliveries are concerned. */
export interface UserPolicy {
  rows: readonly PreferenceRow[];
  templateRows: readonly TemplatePreferenceRow[];
  /** The user's quiet hours; undefined for none. */
  window: QuietWindow | undefined;
  /** Whether urgent notifications pass quiet hours. */
  urgentPasses: boolean;
  muteUntil: Date | undefined;
  /** Where the user is, for times that no window names a zone for. */
  zone: string;
  /** Personal notification rules; absent for somebody who has none. */
  rules?: RuleLists | undefined;
}

/** What the organization says of a category; one that is not written down is neither mandatory nor off. */
export interface CategoryPolicy {
  mandatory: boolean;
  quietMode: QuietMode;
  defaultEnabled: boolean;
}

/** What the template says today, and whether it could be rendered. */
export interface TemplatePolicy {
  id: string;
  enabled: boolean;
  mandatory: boolean;
  defaultEnabled: boolean | undefined;
  /** The only kind beside the inbox that it goes out by; `inbox` means none, undefined all. */
  dispatchMethod: ChannelKind | undefined;
  /** How rendering went, for the kinds that were rendered by now. */
  texts: Partial<Record<ChannelKind, TextOutcome>>;
}

/** Why there is no text, or which variables it went without. */
export interface TextOutcome {
  failure?: string | undefined;
  missing?: readonly string[] | undefined;
}

/** What a kind is decided by, besides the instant. */
export interface PolicyContext {
  userId: UserId;
  scope: PreferenceScope;
  urgent: boolean;
  /** Whether the recipient asked for this very time: sent by and to the same user with `send_at`. */
  isReminder: boolean;
  user: UserPolicy;
  category: CategoryPolicy | undefined;
  template: TemplatePolicy | undefined;
}

/** Who decided and by what, for explain. What is left out is the ordinary case: nobody chose anything. */
export interface Because {
  /** Layer whose word on "wanted or not" won, with its row. */
  preference?: { layer: PreferenceLayer; row_id?: string };
  /** Layer whose word on "now or later" won, with its window and the time on the clock there. */
  quiet?: {
    layer: QuietLayer;
    row_id?: string;
    window?: { start: string; end: string; zone: string; days?: number[] };
    local_time?: string;
    mode?: QuietMode;
    malformed?: true;
  };
  /** When a held delivery comes up again, ISO 8601 UTC. */
  until?: string;
  /** What an author or operator should know: why there is no text, which variables were missing. */
  detail?: string;
}

export type KindVerdict =
  | { verdict: 'go'; because?: Because }
  | { verdict: 'suppress'; code: ReasonCode; because?: Because }
  | { verdict: 'hold'; code: HeldReason; until: Date; because: Because };

/**
 * Whether this kind is wanted, and whether now: preferences first, then quiet time. The inbox is never
 * held. A held delivery comes up at the end of the quiet time, spread over two minutes by user, kind and
 * day, so that not everybody's morning begins in the same second. Pure and total.
 */
export function decideKind(context: PolicyContext, kind: ChannelKind, now: Date): KindVerdict {
  if (isOrdinary(context)) return ordinary;
  const { template } = context;
  if (template !== undefined && !template.enabled) return { verdict: 'suppress', code: 'template_disabled' };
  const text = template?.texts[kind];
  if (text?.failure !== undefined) {
    return { verdict: 'suppress', code: 'template_error', because: { detail: text.failure } };
  }
  const wanted = withMissing(decideWanted(context, kind), text?.missing);
  if (wanted.verdict !== 'go' || kind === 'inbox') return wanted;
  return decideWhen(context, kind, now, wanted.because);
}

const ordinary: Extract<KindVerdict, { verdict: 'go' }> = { verdict: 'go' };

/** Most notifications meet nobody who chose anything: then nothing has to be looked at for each kind. */
function isOrdinary({ template, category, user }: PolicyContext): boolean {
  const isPlain = category === undefined || (!category.mandatory && category.defaultEnabled);
  const choseNothing = user.rows.length === 0 && user.templateRows.length === 0;
  return (
    template === undefined &&
    isPlain &&
    choseNothing &&
    user.window === undefined &&
    user.muteUntil === undefined
  );
}

/**
 * Why nothing of this notification is wanted by any way, the inbox included: somebody switched off its category, or
 * its template. Undefined as long as one kind is wanted.
 */
export function reasonItIsSwitchedOff(context: PolicyContext): ReasonCode | undefined {
  if (isOrdinary(context)) return undefined;
  if (context.template?.enabled === false) return 'template_disabled';
  const inbox = decideWanted(context, 'inbox');
  if (inbox.verdict !== 'suppress') return undefined;
  const isOff = externalKinds.every((kind) => decideWanted(context, kind).verdict === 'suppress');
  return isOff ? inbox.code : undefined;
}

type Wanted = Exclude<KindVerdict, { verdict: 'hold' }>;

function withMissing(wanted: Wanted, missing: readonly string[] | undefined): Wanted {
  if (missing === undefined || missing.length === 0) return wanted;
  const detail = `Data is missing: ${missing.slice(0, missingShown).join(', ')}`;
  return { ...wanted, because: { ...wanted.because, detail } };
}

/** Decisions are stored with each notification, so they stay short. */
const missingShown = 5;

const offCodes = {
  mandatory: 'preference_off',
  template_preference: 'template_preference_off',
  preference: 'preference_off',
  template_default: 'template_default_off',
  category_default: 'category_default_off',
} as const satisfies Record<PreferenceLayer, ReasonCode>;

function isMandatory({ template, category }: PolicyContext): boolean {
  return template?.mandatory === true || category?.mandatory === true;
}

function decideWanted(context: PolicyContext, kind: ChannelKind): Wanted {
  const { user, category, template, scope } = context;
  const { enabled, layer, rowId } = resolvePreference(
    {
      rows: user.rows,
      templateRows: user.templateRows,
      scope,
      templateId: template?.id,
      mandatory: isMandatory(context),
      templateDefault: template?.defaultEnabled,
      categoryDefault: category?.defaultEnabled,
    },
    kind,
  );
  const isOrdinary = enabled && layer === 'category_default';
  if (isOrdinary) return ordinary;
  const preference = rowId === undefined ? { layer } : { layer, row_id: rowId };
  return enabled
    ? { verdict: 'go', because: { preference } }
    : { verdict: 'suppress', code: offCodes[layer], because: { preference } };
}

function decideWhen(
  context: PolicyContext,
  kind: ExternalKind,
  now: Date,
  wanted: Because | undefined,
): KindVerdict {
  const { user } = context;
  const quiet = resolveQuiet(
    {
      scope: context.scope,
      kind,
      rows: user.rows,
      urgent: context.urgent,
      mandatory: isMandatory(context),
      isReminder: context.isReminder,
      userForbidsUrgent: !user.urgentPasses,
      muteUntil: user.muteUntil,
      userWindow: user.window,
      mode: context.category?.quietMode,
    },
    now,
  );
  // Nobody has quiet hours, or nobody asks for them here: nothing to tell.
  const isUntold = !quiet.quiet && quiet.winner.window === undefined && !hasQuietTime(user);
  if (isUntold) return wanted === undefined ? ordinary : { verdict: 'go', because: wanted };
  const because: Because = wanted ?? {};
  because.quiet = tellQuiet(quiet);
  if (!quiet.quiet) return { verdict: 'go', because };
  if (quiet.mode === 'drop') return { verdict: 'suppress', code: 'dropped_in_quiet_time', because };
  return hold(context, kind, quiet, because);
}

function hold(
  { userId, user }: PolicyContext,
  kind: ExternalKind,
  { winner, until: end, mode }: Extract<QuietDecision, { quiet: true }>,
  because: Because,
): KindVerdict {
  const date = localDate(winner.window?.zone ?? user.zone, end) ?? '';
  const until = new Date(end.getTime() + releaseSpreadMs(userId, kind, date));
  const waitsFor = winner.layer === 'mute' ? 'muted' : 'quiet_hours';
  const code = mode === 'digest' ? 'digest' : waitsFor;
  because.until = until.toISOString();
  return { verdict: 'hold', code, until, because };
}

function tellQuiet(quiet: QuietDecision): NonNullable<Because['quiet']> {
  const { layer, rowId, window, localTime, malformed } = quiet.winner;
  // One after the other: spreading what may be absent made a plan six times as slow.
  const told: NonNullable<Because['quiet']> = { layer };
  if (rowId !== undefined) told.row_id = rowId;
  if (window !== undefined) told.window = shownWindow(window);
  if (localTime !== undefined) told.local_time = localTime;
  if (quiet.quiet) told.mode = quiet.mode;
  if (malformed === true) told.malformed = malformed;
  return told;
}

function hasQuietTime(user: UserPolicy): boolean {
  return (
    user.window !== undefined || user.muteUntil !== undefined || user.rows.some((row) => row.window != null)
  );
}

function shownWindow({
  start,
  end,
  zone,
  days,
}: QuietWindow): NonNullable<NonNullable<Because['quiet']>['window']> {
  return days == null ? { start, end, zone } : { start, end, zone, days: [...days] };
}
