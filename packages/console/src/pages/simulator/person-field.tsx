import { useEffect } from 'preact/hooks';
import type { Carillon, User } from '@carillon/client';
import { searchLengthMin } from '../../filters.ts';
import { useLoad } from '../../load.ts';
import { useSettled } from '../../settled.ts';
import { TextField } from '../../ui/field.tsx';
import { nameOf } from '../users/users-page.tsx';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface PersonFieldProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  /** Told who it is as soon as the value names one user, and when it does no longer. */
  onUser?: (user: User | undefined) => void;
  wrong?: string | undefined;
  hint?: string;
}

/** Names a user as the API takes it: by id, `external:` and your own id, or e-mail address; suggests while one types. */
export function PersonField({ label, value, onValue, onUser, wrong, hint }: PersonFieldProps) {
  const settled = useSettled(value.trim(), 250);
  const found = useLoad((api, signal) => findUsers(api, settled, signal), [settled]);
  const users = found.data ?? [];
  const named = users.find((user) => isNamed(user, settled));
  useEffect(() => onUser?.(named), [named?.id]);
  const name = named === undefined ? hint : `${nameOf(named)}${named.zone === null ? '' : `, ${named.zone}`}`;
  return (
    <TextField
      {...{ label, value, onValue, wrong, hint: name }}
      options={users.map(referenceOf)}
      placeholder="external:ada, ada@example.com"
      autoComplete="off"
    />
  );
}

async function findUsers(api: Carillon, text: string, signal: AbortSignal): Promise<readonly User[]> {
  if (uuid.test(text)) return [await api.users.get(text, { signal })];
  const search = text.replace(/^external:/, '');
  if (search.length < searchLengthMin || search.includes(',')) return [];
  return (await api.users.list({ search, limit: 8 }, { signal })).data;
}

function isNamed(user: User, text: string): boolean {
  return [user.id, `external:${user.external_id ?? ''}`, user.email].includes(text);
}

/** The shortest name that the API takes in the place of an id. */
function referenceOf({ external_id: externalId, email, id }: User): string {
  return externalId === null ? (email ?? id) : `external:${externalId}`;
}
