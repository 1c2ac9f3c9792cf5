import { useMemo, useSyncExternalStore } from 'react';
import { useSession } from './session.ts';
import { noPreferencesYet, type PreferenceActions, type PreferencesSnapshot } from './shared-preferences.ts';

/**
 * What the user wants to be told, by which channel kinds, and when not. Read when the first component looks and after
 * each change; components share one copy. On a server it is empty and not loaded. The actions stay the same from
 * render to render.
 */
export function usePreferences(): PreferencesSnapshot & PreferenceActions {
  const { preferences } = useSession();
  const snapshot = useSyncExternalStore(preferences.subscribe, preferences.snapshot, () => noPreferencesYet);
  const actions = useMemo(() => {
    const { subscribe: _subscribe, snapshot: _snapshot, ...verbs } = preferences;
    return verbs;
  }, [preferences]);
  return { ...snapshot, ...actions };
}
