'use client';

export { Bell, type BellProps } from './bell.ts';
export { CarillonProvider, type CarillonProviderProps } from './provider.ts';
export { useCarillon } from './session.ts';
export type {
  Category,
  EffectivePreference,
  PreferenceActions,
  PreferencesSnapshot,
  PreferenceWrite,
  QuietHours,
} from './shared-preferences.ts';
export { useConnection } from './use-connection.ts';
export { useCounts } from './use-counts.ts';
export { useInbox, type InboxActions, type UseInboxOptions } from './use-inbox.ts';
export { usePreferences } from './use-preferences.ts';
