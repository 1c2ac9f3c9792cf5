import type { User } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { goTo, hrefTo, replaceWith } from '../../router.ts';
import { Button } from '../../ui/button.tsx';
import { PageHead, type PageProps } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { PreferencesTab } from './preferences-tab.tsx';
import { ProfileTab } from './profile-tab.tsx';
import { QuietHoursTab } from './quiet-hours-tab.tsx';
import { RulesTab } from './rules-tab.tsx';
import { TokensTab } from './tokens-tab.tsx';
import { nameOf } from './users-page.tsx';

const tabs = [
  { value: 'profile', label: 'Profile and addresses' },
  { value: 'preferences', label: 'Preferences' },
  { value: 'quiet-hours', label: 'Quiet hours' },
  { value: 'rules', label: 'Notification rules' },
  { value: 'tokens', label: 'Tokens' },
] as const;
type Tab = (typeof tabs)[number]['value'];

/** Everything about one user: how and when they are told. */
export function UserPage({ params, query }: PageProps) {
  const { id = '' } = params;
  const { api, confirm } = useConsole();
  const loaded = useLoad((client, signal) => client.users.get(id, { signal }), [id]);
  const tab = tabs.find((one) => one.value === query.get('tab'))?.value ?? 'profile';
  const removing = useDoing(
    async (user: User) => {
      const yes = await confirm({
        ...{ title: `Delete ${nameOf(user)}?`, button: 'Delete', danger: true },
        text: 'Tokens, addresses and personal fields are gone at once, what the user was told within 24 hours. What is pending is not sent.',
      });
      if (!yes) return;
      await api.users.delete(user.id);
      goTo('/users');
    },
    { says: true },
  );
  return (
    <div class="page">
      <Shown of={loaded}>
        {(user) => (
          <>
            <PageHead title={nameOf(user)} lead={leadOf(user)} above={<a href={hrefTo('/users')}>Users</a>}>
              <a class="button" href={hrefTo('/notifications', { recipient: user.id })}>
                What they were told
              </a>
              <a class="button" href={hrefTo('/simulator', { to: user.id })}>
                Simulate
              </a>
              <Button look="danger" onClick={() => removing.run(user)} busy={removing.busy}>
                Delete
              </Button>
            </PageHead>
            <Tabs<Tab>
              label="About this user"
              tabs={tabs}
              value={tab}
              onValue={(value) => replaceWith(`/users/${encodeURIComponent(id)}`, { tab: value })}
            >
              <div class="stack">
                {tab === 'profile' && <ProfileTab user={user} onUser={loaded.put} />}
                {tab === 'preferences' && <PreferencesTab user={user} />}
                {tab === 'quiet-hours' && <QuietHoursTab user={user} />}
                {tab === 'rules' && <RulesTab user={user} />}
                {tab === 'tokens' && <TokensTab user={user} />}
              </div>
            </Tabs>
          </>
        )}
      </Shown>
    </div>
  );
}

function leadOf({ role, email, zone }: User): string {
  const parts = [role, email, zone].filter((part) => part !== null);
  return parts.join(' · ');
}
