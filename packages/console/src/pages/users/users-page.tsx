import { useState } from 'preact/hooks';
import type { User } from '@carillon/client';
import { searchLengthMin, useFilteredList, useTypedFilter } from '../../filters.ts';
import { hrefTo } from '../../router.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Empty, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Instant } from '../../ui/time.tsx';
import { NewUserDialog } from './new-user-dialog.tsx';

/** The people and programs of the organization, those that changed last first. */
export function UsersPage({ query }: PageProps) {
  const search = useTypedFilter('search', { lengthMin: searchLengthMin });
  const [isMaking, setIsMaking] = useState(false);
  const { list, isFiltered } = useFilteredList(query, ['search'], (api, asked, signal) =>
    api.users.list({ order: 'newest', limit: 50, ...asked }, { signal }),
  );
  return (
    <div class="page">
      <PageHead title="Users" lead="Who can be told something: people, and the programs that tell.">
        <Button look="primary" onClick={() => setIsMaking(true)}>
          Add a user
        </Button>
      </PageHead>
      <Panel flush>
        <div class="filters list-filters">
          <TextField
            label="Search"
            type="search"
            {...search}
            placeholder="Part of a name, address or id"
            wide
          />
        </div>
        <KeysetTable
          caption="Users"
          of={list}
          keyOf={(user) => user.id}
          empty={<Empty title={isFiltered ? 'Nobody has that in their name' : 'Nobody is here yet'} />}
          columns={[
            { title: 'Name', cell: (user) => <UserName user={user} /> },
            { title: 'E-mail', cell: ({ email }) => email ?? <span class="muted">–</span> },
            {
              title: 'Your id',
              cell: ({ external_id: id }) => (id === null ? <span class="muted">–</span> : <code>{id}</code>),
            },
            { title: 'Role', class: 'narrow', cell: ({ role }) => <RoleBadge role={role} /> },
            {
              title: 'Time zone',
              cell: ({ zone }) => zone ?? <span class="muted">of the organization</span>,
            },
            { title: 'Changed', class: 'narrow', cell: (user) => <Instant at={user.updated_at} /> },
          ]}
        />
      </Panel>
      {isMaking && <NewUserDialog onClose={() => setIsMaking(false)} />}
    </div>
  );
}

function UserName({ user }: { user: User }) {
  return (
    <>
      <a href={hrefTo(`/users/${user.id}`)}>{nameOf(user)}</a>
      {user.username !== null && user.name !== null && <span class="sub">{user.username}</span>}
    </>
  );
}

export function RoleBadge({ role }: { role: User['role'] }) {
  return <Badge tone={role === 'admin' ? 'busy' : 'quiet'}>{role}</Badge>;
}

/** What a user is called where one name must do. */
export function nameOf({ name, username, email, external_id: externalId, id }: User): string {
  return name ?? username ?? email ?? externalId ?? id;
}
