import { ratioOf, spreadOf } from '../statistics.mjs';

/**
 * @typedef {import('../verdicts.mjs').Rule} Rule
 * @typedef {import('../statistics.mjs').Spread} Spread
 *
 * @typedef {object} SendsMeasured what sends to the outside come to
 * @property {import('./sends.mjs').Sends | undefined} sends
 */

const webhooksPerSecondMin = 2_000;
const mailsPerSecondMin = 500;
/** What is left to the others beside an endpoint that never answers. */
const besideDeadShareMin = 0.8;

/**
 * The figures of sends as rules of the bench with their spreads, to be judged.
 *
 * @param {SendsMeasured} measured
 * @returns {{ rule: Rule, spread: Spread }[]}
 */
export function sendFigures({ sends }) {
  if (sends === undefined) return [];
  const atLeast = /** @type {const} */ ({ wants: 'atLeast' });
  const perSecond = { ...atLeast, digits: 0 };
  return [
    {
      rule: {
        name: 'signed webhooks that waited, sent per second by one worker',
        ...perSecond,
        floor: webhooksPerSecondMin,
      },
      spread: spreadOf(sends.webhooksPerSecond),
    },
    {
      rule: {
        name: 'mails that waited, sent per second by one worker',
        ...perSecond,
        floor: mailsPerSecondMin,
      },
      spread: spreadOf(sends.mailsPerSecond),
    },
    {
      rule: {
        name: 'webhooks accepted, placed and sent per second',
        ...perSecond,
        goal: webhooksPerSecondMin,
      },
      spread: spreadOf([sends.acceptedWebhooksPerSecond]),
    },
    {
      rule: { name: 'mails accepted, placed and sent per second', ...perSecond, goal: mailsPerSecondMin },
      spread: spreadOf([sends.acceptedMailsPerSecond]),
    },
    {
      rule: {
        ...{ name: 'webhooks beside an endpoint that never answers ÷ without', ...atLeast },
        floor: besideDeadShareMin,
      },
      spread: ratioOf(sends.besideDeadPerSecond, sends.webhooksPerSecond),
    },
  ];
}
