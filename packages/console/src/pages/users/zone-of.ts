import type { Carillon, User } from '@carillon/client';

/** The zone that a user's clock shows: the own one, else that of the organization. */
export async function zoneOf(api: Carillon, user: Pick<User, 'zone'>, signal: AbortSignal): Promise<string> {
  return user.zone ?? (await api.organizations.get('me', { signal })).zone;
}
