import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Templates that come with Carillon have well-known ids, the same in every organization, so the organization
 * belongs to the key; a status is free text, or none; and the method of templates that go out by one kind alone.
 * Code of schema 4 beside it looks templates up by their id alone: it takes the wording of another organization for
 * one of these until it is replaced, and for no other.
 */
export const migration: Migration = {
  number: 5,
  name: 'system_templates',
  oldestCode: 4,
  async up(db) {
    await sql`
      alter table template_versions drop constraint template_versions_template_id_fkey,
        drop constraint template_versions_pkey;
      alter table templates drop constraint templates_pkey, add primary key (organization_id, id),
        add column single_method boolean not null default false;
      alter table template_versions add primary key (organization_id, template_id, version),
        add foreign key (organization_id, template_id) references templates on delete cascade;

      alter table organizations add column default_method text not null default 'email',
        add column pause_chosen boolean not null default false;
      update organizations set pause_chosen = true where paused_at is not null;

      alter table notifications alter column status drop not null;
    `.execute(db);
  },
  protect: [],
};
