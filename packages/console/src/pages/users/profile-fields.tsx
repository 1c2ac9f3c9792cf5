import type { User } from '@carillon/client';
import { SelectField, TextField } from '../../ui/field.tsx';
import { wrongAt } from '../../ui/shown.tsx';

/** What a form holds of a user: texts, empty where nothing is set. */
export interface Profile {
  external_id: string;
  email: string;
  username: string;
  name: string;
  zone: string;
  locale: string;
  role: User['role'];
}

export const emptyProfile: Profile = {
  ...{ external_id: '', email: '', username: '', name: '', zone: '', locale: '', role: 'member' },
};

export function profileOf(user: User): Profile {
  const { external_id: externalId, email, username, name, zone, locale, role } = user;
  return {
    ...{ external_id: externalId ?? '', email: email ?? '', username: username ?? '', name: name ?? '' },
    ...{ zone: zone ?? '', locale: locale ?? '', role },
  };
}

/** As it is written: null clears. */
export function readProfile({ role, ...texts }: Profile) {
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  return {
    ...{
      external_id: orNull(texts.external_id),
      email: orNull(texts.email),
      username: orNull(texts.username),
    },
    ...{ name: orNull(texts.name), zone: orNull(texts.zone), locale: orNull(texts.locale), role },
  };
}

/** Zones that the browser knows; the server knows them by the same names. */
export function knownZones(): readonly string[] {
  return Intl.supportedValuesOf('timeZone');
}

const roles = [
  { value: 'member', label: 'member: a person' },
  { value: 'admin', label: 'admin: may see and change everything here' },
  { value: 'system', label: 'system: a program that sends' },
] as const;

interface ProfileFieldsProps {
  profile: Profile;
  onProfile: (profile: Profile) => void;
  error: unknown;
}

/** The fields of a user, for a new one and for one that is there. */
export function ProfileFields({ profile, onProfile, error }: ProfileFieldsProps) {
  const tied = (name: Exclude<keyof Profile, 'role'>) => ({
    value: profile[name],
    onValue: (value: string) => onProfile({ ...profile, [name]: value }),
    wrong: wrongAt(error, `/${name}`),
  });
  return (
    <div class="form columns">
      <TextField label="Name" {...tied('name')} />
      <TextField
        label="E-mail address"
        type="email"
        hint="Also the first contact point."
        {...tied('email')}
      />
      <TextField label="Id in your system" hint="Callers name it as external:…" {...tied('external_id')} />
      <TextField label="User name" {...tied('username')} />
      <TextField
        label="Time zone"
        hint="Empty: that of the organization."
        options={knownZones()}
        {...tied('zone')}
      />
      <TextField
        label="Language"
        hint="For example de-CH; empty: that of the organization."
        {...tied('locale')}
      />
      <SelectField
        label="Role"
        value={profile.role}
        choices={roles}
        onValue={(role) => onProfile({ ...profile, role })}
        wrong={wrongAt(error, '/role')}
      />
    </div>
  );
}
