/** What can be asked of a notification, by our names; an edge has names of its own for them. */
export const itemFields = [
  ...(['number', 'timestamp', 'status', 'recipient', 'sender'] as const),
  ...(['title', 'body', 'collection', 'item'] as const),
] as const;
export type ItemField = (typeof itemFields)[number];

/** The users that a notification names. */
export const itemRelations = ['recipient', 'sender'] as const satisfies readonly ItemField[];
export type ItemRelation = (typeof itemRelations)[number];

/** What can be asked of such a user; what is no column of ours is read from the user's profile. */
export const personFields = [
  ...(['id', 'first_name', 'last_name', 'email', 'password', 'location', 'title', 'description'] as const),
  ...(['tags', 'avatar', 'language', 'tfa_secret', 'status', 'role', 'token', 'last_access'] as const),
  ...(['last_page', 'provider', 'external_identifier', 'auth_data', 'email_notifications'] as const),
  ...(['appearance', 'theme_dark', 'theme_light', 'theme_light_overrides'] as const),
  ...(['theme_dark_overrides', 'text_direction'] as const),
] as const;
export type PersonField = (typeof personFields)[number];

/** A value of the notification itself, or of the user at the end of a relation. */
export type ItemColumn = { of: 'item'; field: ItemField } | { of: ItemRelation; field: PersonField };

/** Parts of an instant, in UTC: weeks as ISO 8601 counts them, weekdays from Sunday = 0, seconds whole. */
export const dateParts = [
  ...(['year', 'month', 'week', 'day', 'weekday', 'hour', 'minute', 'second'] as const),
] as const;
export type DatePart = (typeof dateParts)[number];
