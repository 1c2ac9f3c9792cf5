import { useState } from 'preact/hooks';
import type { User } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing } from '../../load.ts';
import { Copyable, JsonBlock } from '../../ui/copyable.tsx';
import { Form, SaveRow } from '../../ui/form.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { Instant } from '../../ui/time.tsx';
import { ContactPoints } from './contact-points.tsx';
import { ProfileFields, profileOf, readProfile } from './profile-fields.tsx';

/** Who a user is, and where they can be reached. */
export function ProfileTab({ user, onUser }: { user: User; onUser: (user: User) => void }) {
  const { api, say } = useConsole();
  const [profile, setProfile] = useState(() => profileOf(user));
  const [saves, setSaves] = useState(0);
  const saving = useDoing(async () => {
    onUser(await api.users.update(user.id, readProfile(profile)));
    setSaves(saves + 1);
    say('Saved');
  });
  return (
    <>
      <ContactPoints key={saves} user={user} />
      <Panel title="Profile">
        <Form onSubmit={() => saving.run()} label="Profile">
          <ProfileFields profile={profile} onProfile={setProfile} error={saving.error} />
          <SaveRow of={saving} />
        </Form>
      </Panel>
      <Panel title="Record">
        <Facts
          of={[
            ['Id', <Copyable text={user.id} />],
            ['Made', <Instant at={user.created_at} exact />],
            ['Changed', <Instant at={user.updated_at} exact />],
            [
              'Your own fields',
              Object.keys(user.profile).length === 0 ? (
                'none'
              ) : (
                <JsonBlock value={user.profile} label="Your own fields" />
              ),
            ],
          ]}
        />
      </Panel>
    </>
  );
}
