/** Items on a page of Coder's list. */
export const pageItems = 25;

const isLive = `inbox_at is not null and archived_at is null and dismissed_at is null and snoozed_until is null
  and expired_at is null and deleted_at is null`;

/** The rows of a page by one query that an index serves; `$1` is whose inbox it is. */
export const pageQuery = {
  name: 'bench_page',
  text: `select id, recipient_id, template_id, targets, title, body, icon, actions, read_at, inbox_at
    from notifications where recipient_id = $1 and ${isLive} order by inbox_at desc, id desc limit ${pageItems}`,
};

/** The unread count, likewise. */
export const countQuery = {
  name: 'bench_count',
  text: `select count(*)::int as unread from notifications where recipient_id = $1 and ${isLive} and read_at is null`,
};
