import type { OrganizationId } from '@carillon/core';
import type { Actor, TestApi } from './test-api.ts';

/** A user who can log in. */
export interface Person extends Actor {
  email: string;
  password: string;
}

export const examplePassword = 'correct horse battery staple';
let made = 0;

/** Makes users with an address and a password, as an admin of their organization does. */
export function createPeople(api: TestApi) {
  const admins = new Map<OrganizationId, Promise<Actor>>();
  const adminOf = (organizationId: OrganizationId) => {
    const admin = admins.get(organizationId) ?? api.makeUser(organizationId, 'admin');
    admins.set(organizationId, admin);
    return admin;
  };
  return {
    adminOf,
    async make(
      organizationId: OrganizationId,
      more: { email?: string; role?: 'admin' | 'member' } = {},
    ): Promise<Person> {
      made += 1;
      const { token } = await adminOf(organizationId);
      const { email = `ada${made}@example.com`, role = 'member' } = more;
      const actor = await api.makeUser(organizationId, role);
      const path = `/v1/users/${actor.id}`;
      const changed = await api.ask('PATCH', path, { token, body: { email } });
      const set = await api.ask('PUT', `${path}/password`, { token, body: { password: examplePassword } });
      if (changed.status !== 200 || set.status !== 204) throw new TypeError('the user cannot log in');
      return { ...actor, email, password: examplePassword };
    },
  };
}
