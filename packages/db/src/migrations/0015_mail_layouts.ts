import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Layouts around mails: parts of their own whose source (MJML) is kept with the HTML that it was compiled to, and what a
 * version froze of its layout. Code of schema 8 beside it knows none: its mails look as before, and its API makes
 * versions without one.
 */
export const migration: Migration = {
  number: 15,
  name: 'mail_layouts',
  oldestCode: 8,
  async up(db) {
    await sql`
      alter table template_parts drop constraint template_parts_part_check,
        add constraint template_parts_part_check check (part in ('partial', 'layout', 'mail_layout')),
        add column html text,
        add constraint template_parts_html_check check ((part = 'mail_layout') = (html is not null));
      alter table template_versions add column mail_layout text, add column mail_layout_html text;
    `.execute(db);
  },
  protect: [],
};
