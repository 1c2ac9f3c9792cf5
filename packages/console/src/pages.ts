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
  /** Shown only where there is something of it: a mail catcher, or an installation on trial. */
  when?: 'mails';
}

export interface NavGroup {
  title: string;
  entries: readonly NavEntry[];
}

export const navigation: readonly NavGroup[] = [
  {
    title: 'What runs',
    entries: [
      { path: '/overview', title: 'Overview', icon: 'chart' },
      { path: '/notifications', title: 'Notifications', icon: 'list' },
      { path: '/deliveries', title: 'Deliveries', icon: 'send' },
      { path: '/dead-letters', title: 'Dead letters', icon: 'dead' },
      { path: '/captured', title: 'Captured', icon: 'inbox' },
      { path: '/mails', title: 'Mail catcher', icon: 'mail', when: 'mails' },
      { path: '/settings', title: 'Settings', icon: 'sliders' },
    ],
  },
  {
    title: 'What is configured',
    entries: [
      { path: '/templates', title: 'Templates', icon: 'page' },
      { path: '/categories', title: 'Categories', icon: 'tag' },
      { path: '/channels', title: 'Channels', icon: 'plug' },
      { path: '/users', title: 'Users', icon: 'people' },
      { path: '/simulator', title: 'Simulator', icon: 'flask' },
    ],
  },
];

/** Every page, in the order of matching. */
export const pages: readonly PageEntry[] = [
  {
    pattern: '/overview',
    load: async () => (await import('./pages/overview/overview-page.tsx')).OverviewPage,
  },
  {
    pattern: '/notifications',
    load: async () => (await import('./pages/notifications/notifications-page.tsx')).NotificationsPage,
  },
  {
    pattern: '/notifications/:id',
    load: async () => (await import('./pages/notifications/notification-page.tsx')).NotificationPage,
  },
  {
    pattern: '/templates',
    load: async () => (await import('./pages/templates/templates-page.tsx')).TemplatesPage,
  },
  {
    pattern: '/templates/:template',
    load: async () => (await import('./pages/templates/template-page.tsx')).TemplatePage,
  },
  {
    pattern: '/template-parts',
    load: async () => (await import('./pages/templates/parts-page.tsx')).PartsPage,
  },
  {
    pattern: '/template-parts/:part/:key',
    load: async () => (await import('./pages/templates/part-page.tsx')).PartPage,
  },
  {
    pattern: '/categories',
    load: async () => (await import('./pages/categories/categories-page.tsx')).CategoriesPage,
  },
  {
    pattern: '/categories/:key',
    load: async () => (await import('./pages/categories/category-page.tsx')).CategoryPage,
  },
  {
    pattern: '/deliveries',
    load: async () => (await import('./pages/deliveries/deliveries-page.tsx')).DeliveriesPage,
  },
  {
    pattern: '/deliveries/:id',
    load: async () => (await import('./pages/deliveries/delivery-page.tsx')).DeliveryPage,
  },
  {
    pattern: '/dead-letters',
    load: async () => (await import('./pages/dead-letters/dead-letters-page.tsx')).DeadLettersPage,
  },
  {
    pattern: '/captured',
    load: async () => (await import('./pages/captured/captured-page.tsx')).CapturedPage,
  },
  {
    pattern: '/mails',
    load: async () => (await import('./pages/mails/mails-page.tsx')).MailsPage,
  },
  {
    pattern: '/settings',
    load: async () => (await import('./pages/settings/settings-page.tsx')).SettingsPage,
  },
  {
    pattern: '/channels',
    load: async () => (await import('./pages/channels/channels-page.tsx')).ChannelsPage,
  },
  {
    pattern: '/channels/new',
    load: async () => (await import('./pages/channels/new-channel-page.tsx')).NewChannelPage,
  },
  {
    pattern: '/channels/:id',
    load: async () => (await import('./pages/channels/channel-page.tsx')).ChannelPage,
  },
  {
    pattern: '/users',
    load: async () => (await import('./pages/users/users-page.tsx')).UsersPage,
  },
  {
    pattern: '/users/:id',
    load: async () => (await import('./pages/users/user-page.tsx')).UserPage,
  },
  {
    pattern: '/simulator',
    load: async () => (await import('./pages/simulator/simulator-page.tsx')).SimulatorPage,
  },
];

/** Where who comes without a place begins. */
export const homePath = '/overview';
