import { useState } from 'preact/hooks';
import { useConsole } from '../../console-context.ts';
import { useDoing } from '../../load.ts';
import { goTo } from '../../router.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { emptyProfile, ProfileFields, readProfile } from './profile-fields.tsx';

/** Makes a user, and goes there. */
export function NewUserDialog({ onClose }: { onClose: () => void }) {
  const { api } = useConsole();
  const [profile, setProfile] = useState(emptyProfile);
  const making = useDoing(async () => {
    const fields = Object.entries(readProfile(profile)).filter(([, value]) => value !== null);
    const user = await api.users.create(Object.fromEntries(fields));
    goTo(`/users/${user.id}`);
  });
  return (
    <FormDialog
      title="Add a user"
      onClose={onClose}
      onSubmit={() => making.run()}
      button="Add"
      busy={making.busy}
      error={making.error}
    >
      <p class="muted">One of the id in your system, the e-mail address and the user name is needed.</p>
      <ProfileFields profile={profile} onProfile={setProfile} error={making.error} />
    </FormDialog>
  );
}
