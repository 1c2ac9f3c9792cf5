import { CarillonError, type Answer, type InboxClient } from '@carillon/client';

type EffectiveRow = Answer<'getEffectivePreferences'>['data'][number];
export type ChannelKind = EffectiveRow['kind'];
type Preference = Answer<'listPreferences'>['data'][number];
export type Category = Answer<'listCategories'>['data'][number];
export type QuietHours = Answer<'getQuietHours'>;

/** One category by each channel kind. */
export interface PreferenceLine {
  key: string;
  name: string;
  description: string;
  cells: readonly PreferenceCell[];
}

export interface PreferenceCell {
  kind: ChannelKind;
  isOn: boolean;
  /** It cannot be switched off. */
  isFixed: boolean;
}

/** What a user has chosen, and what follows from it. */
export interface ChosenPreferences {
  kinds: readonly ChannelKind[];
  lines: readonly PreferenceLine[];
  quietHours: QuietHours;
}

/** Reads all of it. Rejects as calls do. */
export async function loadPreferences(
  client: InboxClient,
  categories: ReadonlyMap<string, Category>,
): Promise<ChosenPreferences> {
  const [{ data }, quietHours] = await Promise.all([
    client.preferences.effective('me'),
    client.quietHours.get('me'),
  ]);
  const shown = data.filter(({ available }) => available);
  const kinds = [...new Set(shown.map(({ kind }) => kind))];
  const keys = [...new Set(shown.map(({ category }) => category))];
  return { kinds, lines: keys.map((key) => lineOf(key, shown, categories.get(key))), quietHours };
}

function lineOf(key: string, rows: readonly EffectiveRow[], category: Category | undefined): PreferenceLine {
  return {
    ...{ key, name: category?.name ?? key, description: category?.description ?? '' },
    cells: rows
      .filter((row) => row.category === key)
      .map(({ kind, enabled, mandatory }) => ({ kind, isOn: enabled, isFixed: mandatory })),
  };
}

/**
 * Switches one category on or off by one kind, everywhere. What the same preference says of quiet hours stays:
 * writing it replaces it as a whole.
 */
export async function switchPreference(
  client: InboxClient,
  category: string,
  kind: ChannelKind,
  enabled: boolean,
): Promise<void> {
  const { data } = await client.preferences.list('me');
  const isSame = (row: Preference): boolean =>
    row.category === category && row.kind === kind && row.environment === '' && row.project === '';
  const before = data.find(isSame);
  await client.preferences.put('me', {
    ...{ category, kind, enabled },
    ...(before !== undefined && { quiet_hours: before.quiet_hours, quiet_mode: before.quiet_mode }),
  });
}

/** What is wrong, in words for people: each place that the server names, else its sentence. */
export function wordsOf(error: unknown): string | undefined {
  if (!(error instanceof CarillonError) || error.status === undefined) return undefined;
  return error.errors.length > 0 ? error.errors.map(({ detail }) => detail).join(' ') : error.message;
}
