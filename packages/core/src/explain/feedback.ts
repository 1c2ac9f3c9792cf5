import { assertNever } from '../errors.ts';
import type { Feedback } from '../vocabulary.ts';
import type { Audience } from './audience.ts';
import { tellInstant, type Clockwork } from './moment.ts';

/** What the provider told of a delivery after it took it. */
export interface FeedbackRecord {
  feedback: Feedback;
  at: Date;
  /** The provider's words. */
  reason: string | null;
}

/** What became of a message that was sent, as a clause after "sent at …". Only operators are told the provider's words. */
export function tellFeedback(told: FeedbackRecord, audience: Audience, clock: Clockwork): string {
  const at = `at ${tellInstant(told.at, clock)}`;
  const words = audience === 'operator' ? wordsOf(told.reason) : '';
  switch (told.feedback) {
    case 'delivered':
      return `, and arrived ${at}`;
    case 'opened':
      return `, and was opened ${at}`;
    case 'answered':
      return `, and was answered ${at}`;
    case 'unanswered':
      return `, and was not answered${words}`;
    case 'bounced':
      return `, and came back ${at}${words}`;
    default:
      return assertNever(told.feedback);
  }
}

/** Why nothing goes to an address any more, as a clause at the end. */
export function tellBadAddress(audience: Audience): string {
  const whose = audience === 'operator' ? 'this address' : 'your address';
  return `; ${whose} is marked as not working, and nothing is sent there until it is corrected`;
}

function wordsOf(reason: string | null): string {
  return reason === null || reason === '' ? '' : ` (${reason.replace(/\.$/, '')})`;
}
