import type { ComponentType } from 'preact';
import type { IconName } from './ui/icon.tsx';
import type { PageProps } from './ui/page.tsx';

/** A page of the console; its code is loaded when somebody goes there. */
export interface PageEntry {
  /** As `matchPath` takes it. */
  pattern: string;
  load: () => Promise<ComponentType<PageProps>>;
}

/** A line of the navigation. It is the present one for every path that begins with its own. */
export interface NavEntry {
  path: string;
  title: string;
  icon: IconName;
}

export interface NavGroup {
  title: string;
  entries: readonly NavEntry[];
}

export const navigation: readonly NavGroup[] = [
  {
    title: 'What runs',
    entries: [{ path: '/notifications', title: 'Notifications', icon: 'list' }],
  },
];

/** Every page, in the order of matching. */
export const pages: readonly PageEntry[] = [
  {
    pattern: '/notifications',
    load: async () => (await import('./pages/notifications/notifications-page.tsx')).NotificationsPage,
  },
];

/** Where who comes without a place begins. */
export const homePath = '/notifications';
