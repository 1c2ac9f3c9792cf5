import { CarillonError, type Answer, type Body, type Carillon } from '@carillon/client';

/** What holds for one category by one channel kind. */
export type EffectivePreference = Answer<'getEffectivePreferences'>['data'][number];
/** What the organization says about a sort of notifications. */
export type Category = Answer<'listCategories'>['data'][number];
/** When the user is left in peace. */
export type QuietHours = Answer<'getQuietHours'>;
/** One choice; what is not named means any. */
export type PreferenceWrite = Body<'putPreference'>;

/** What the user has chosen and what follows. A new object after each change, the same one until then. */
export interface PreferencesSnapshot {
  /** Each category by each channel kind: whether it is on, whether it can be changed, what decided it. */
  table: readonly EffectivePreference[];
  categories: readonly Category[];
  /** Undefined before it was read. */
  quietHours: QuietHours | undefined;
  isLoaded: boolean;
  /** Why it could not be read the last time; undefined when it could. */
  error: CarillonError | undefined;
}

/** Verbs on the preferences of the user whose token the client has. Each rejects with a CarillonError. */
export interface PreferenceActions {
  /** Shown at once; taken back when the server refuses it. */
  set(preference: PreferenceWrite): Promise<void>;
  setQuietHours(window: Body<'setQuietHours'>): Promise<void>;
  removeQuietHours(): Promise<void>;
  /** Everything that is not mandatory waits until then. */
  mute(until: Date): Promise<void>;
  unmute(): Promise<void>;
  /** Reads everything anew. Never rejects: `error` says what was wrong. */
  reload(): Promise<void>;
}

export interface SharedPreferences extends PreferenceActions {
  subscribe(listener: () => void): () => void;
  snapshot(): PreferencesSnapshot;
}

/** What is shown on a server, and in a browser until they were read. */
export const noPreferencesYet: PreferencesSnapshot = {
  ...{ table: [], categories: [], quietHours: undefined, isLoaded: false, error: undefined },
};

/** One copy for all components that show them. They are read when the first one looks, and after each change. */
export function sharePreferences({ preferences, categories, quietHours }: Carillon): SharedPreferences {
  const listeners = new Set<() => void>();
  const written = new Set<PreferenceWrite>();
  let read = noPreferencesYet;
  let shown = read;
  let reads = 0;
  let isReading = false;

  function changed(next: PreferencesSnapshot): void {
    read = next;
    shown = { ...read, table: read.table.map((row) => asWritten(row, written)) };
    for (const listener of listeners) listener();
  }

  /** Of several at a time the last one to begin knows best. */
  async function reload(): Promise<void> {
    const number = (reads += 1);
    isReading = true;
    try {
      const [table, known, hours] = await Promise.all([
        preferences.effective('me'),
        categories.list(),
        quietHours.get('me'),
      ]);
      if (number !== reads) return;
      const lists = { table: table.data, categories: known.data, quietHours: hours };
      changed({ ...lists, isLoaded: true, error: undefined });
    } catch (error) {
      if (!(error instanceof CarillonError)) throw error;
      if (number === reads) changed({ ...read, error });
    } finally {
      if (number === reads) isReading = false;
    }
  }

  const change = async (call: () => Promise<unknown>): Promise<void> => {
    await call();
    await reload();
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1 && !isReading) void reload();
      return () => void listeners.delete(listener);
    },
    snapshot: () => shown,
    async set(preference) {
      written.add(preference);
      changed(read);
      try {
        await change(() => preferences.put('me', preference));
      } finally {
        written.delete(preference);
        changed(read);
      }
    },
    setQuietHours: (window) => change(() => quietHours.set('me', window)),
    removeQuietHours: () => change(() => quietHours.delete('me')),
    mute: (until) => change(() => quietHours.mute('me', { until: until.toISOString() })),
    unmute: () => change(() => quietHours.unmute('me')),
    reload,
  };
}

/** A row as it will be when the server has taken what is on its way to it. */
function asWritten(row: EffectivePreference, written: ReadonlySet<PreferenceWrite>): EffectivePreference {
  const last = [...written].findLast((one) => isAbout(one, row));
  if (row.mandatory || last === undefined || last.enabled == null) return row;
  return { ...row, enabled: last.enabled };
}

/** Only what names this very category and kind: what broader ones do depends on what else was chosen. */
function isAbout(write: PreferenceWrite, row: EffectivePreference): boolean {
  const { category = '', environment = '', project = '', kind = '' } = write;
  const part = [category, environment, project, kind];
  return part.every(
    (value, index) => value === [row.category, row.environment, row.project, row.kind][index],
  );
}
