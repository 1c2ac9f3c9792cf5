import { sql, type RawBuilder } from 'kysely';
import type { AddressVerdict, DeliveryId } from '@carillon/core';

/** What a target said of the address that a delivery went to. */
export interface JudgedAddress {
  verdict: AddressVerdict;
  /** An address that was corrected meanwhile is another one: nothing is known of it. */
  sentTo: string;
  reason: string;
}

/** Characters of a reason that are kept; the wire shape says the same. */
const reasonCharactersMax = 500;

/**
 * The part of the statement that records outcomes which keeps what was said of addresses: further parts after one
 * named `recorded`, which gives `id` and `contact_point_id`. Nothing, which is nearly always, when nothing was said.
 */
export function judgeAddresses(
  outcomes: readonly { deliveryId: DeliveryId; address?: JudgedAddress | undefined }[],
): RawBuilder<unknown> {
  const judged = outcomes.flatMap(({ deliveryId, address }) =>
    address === undefined ? [] : [{ delivery: deliveryId, ...address, sent_to: address.sentTo }],
  );
  if (judged.length === 0) return sql``;
  // Locked in order first: another worker may judge the same addresses at this moment.
  return sql`,
    judged as (
      select p.id, j.verdict, left(j.reason, ${reasonCharactersMax}) as reason
      from recorded r
      join json_to_recordset(${JSON.stringify(judged)}::json) as j(delivery uuid, verdict text, sent_to text, reason text)
        on j.delivery = r.id
      join contact_points p on p.id = r.contact_point_id
        and (p.address = j.sent_to or p.kind = 'email' and lower(p.address) = lower(j.sent_to))
      order by p.id for update of p),
    marked as (
      update contact_points p set bad_reason = j.reason from judged j where p.id = j.id and j.verdict = 'bad'),
    removed as (
      delete from contact_points p using judged j where p.id = j.id and j.verdict = 'gone')`;
}
