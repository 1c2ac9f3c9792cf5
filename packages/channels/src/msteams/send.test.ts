import { adapterBattery, buildMessage, type WebhookArrival } from '@carillon/testkit';
import { describe, expect, it } from '@jest/globals';
import { hostileTexts } from '../../test/hostile-texts.ts';
import { buildWith, sendToVendor } from '../../test/send-to-vendor.ts';
import { json, vendorHarness, type Vendor } from '../../test/vendor-harness.ts';
import { validateAddress, validateSettings } from '../validate.ts';
import { composeTeams } from './compose.ts';
import { createTeamsAdapter } from './send.ts';

const signature = 'WRk1j3-signature-of-the-workflow';
const path = `/powerautomate/automations/direct/workflows/0a1b/triggers/manual/paths/invoke?api-version=1&sig=${signature}`;

interface Run {
  type: string;
  text: string;
  selectAction?: { type: string; url: string };
}

/** The trigger of a workflow, and Adaptive Cards 1.4 as far as we use them. */
function checkCall({ method, path: called, headers, body }: WebhookArrival): string | undefined {
  if (method !== 'POST' || called !== path) return 'The workflow is not found';
  if (headers['content-type'] !== 'application/json' || Buffer.byteLength(body) > 28 * 1024)
    return 'Too large';
  const { type, attachments } = JSON.parse(body);
  const [{ contentType, content }] = attachments;
  if (type !== 'message' || contentType !== 'application/vnd.microsoft.card.adaptive') return 'No card';
  if (content.type !== 'AdaptiveCard' || content.version !== '1.4') return 'Unknown card';
  if (!content.body.every(isRichText)) return 'Wrong element';
  return checkActions(content.actions ?? []);
}

function checkActions(actions: { type: string; title: string; url: string }[]): string | undefined {
  const areRight = actions.every(
    (one) => one.type === 'Action.OpenUrl' && one.title !== '' && URL.canParse(one.url),
  );
  return areRight && actions.length <= 6 ? undefined : 'Wrong action';
}

function isRichText({ type, inlines }: { type: string; inlines: Run[] }): boolean {
  return type === 'RichTextBlock' && inlines.length > 0 && inlines.every(isRun);
}

function isRun({ type, text, selectAction }: Run): boolean {
  const leads = selectAction === undefined || selectAction.type === 'Action.OpenUrl';
  return type === 'TextRun' && text !== '' && !text.includes('\n') && leads;
}

const msteams: Vendor = {
  create: createTeamsAdapter,
  target: (baseUrl) => ({ settings: { url: `${baseUrl}${path}` }, address: undefined }),
  check: checkCall,
  taken: { status: 202, body: '' },
  refused: (_status, message) => ({ error: { code: 'BadRequest', message } }),
  waits: [],
  statusIsAll: true,
  secrets: [signature],
};

const publicUrl = 'https://carillon.example.org';
const cardOf = (body: string, notification = {}) =>
  composeTeams(buildWith(body, notification), publicUrl).attachments[0].content;

describe('the msteams adapter', () => {
  it.each(adapterBattery(vendorHarness(msteams)))('$name', ({ run }) => run());
});

describe('a message in Teams', () => {
  it('is a card of title, body, and a button for each link', async () => {
    const { result, body } = await sendToVendor(msteams, buildMessage());
    expect(result).toEqual({ outcome: 'sent', statusCode: 202 });
    expect(body.attachments[0].content).toEqual({
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      ...{ type: 'AdaptiveCard', version: '1.4' },
      body: [
        {
          type: 'RichTextBlock',
          inlines: [{ type: 'TextRun', text: 'Build 7 failed', weight: 'Bolder', size: 'Large' }],
        },
        {
          type: 'RichTextBlock',
          inlines: [
            { type: 'TextRun', text: 'The build of ' },
            { type: 'TextRun', text: 'main', weight: 'Bolder' },
            { type: 'TextRun', text: ' failed in step test.' },
          ],
        },
      ],
      actions: [
        { type: 'Action.OpenUrl', title: 'See the log', url: `${publicUrl}/builds/7/log` },
        { type: 'Action.OpenUrl', title: 'Open', url: 'https://ci.example.org/builds/7' },
      ],
    });
  });

  it('keeps the looks that cards know, a line for a block', () => {
    const { body } = cardOf('*i* ~~s~~\n[l](https://a.example)\n\n> q\n\n1. a\n\n```\nx\ny\n```');
    const run = (text: string, look = {}) => ({ type: 'TextRun', text, ...look });
    expect(body.slice(1).map(({ inlines, spacing }) => [spacing, ...inlines])).toEqual([
      [undefined, run('i', { italic: true }), run(' '), run('s', { strikethrough: true })],
      ['None', run('l', { selectAction: { type: 'Action.OpenUrl', url: 'https://a.example' } })],
      [undefined, run('q', { isSubtle: true })],
      ['Small', run('1. '), run('a')],
      [undefined, run('x', { fontType: 'Monospace' })],
      ['None', run('y', { fontType: 'Monospace' })],
    ]);
  });

  it.each([
    { name: 'script', expected: hostileTexts.script },
    { name: 'mention', expected: hostileTexts.mention },
    { name: 'marks', expected: hostileTexts.marks },
    { name: 'closing', expected: hostileTexts.closing },
    { name: 'braces', expected: '{{{raw}}} {\u2060{TIME(2020)}}' },
    { name: 'bidi', expected: 'safeexe.gpj' },
    { name: 'zeroWidth', expected: 'paypal' },
  ] as const)('holds $name in runs, where it means nothing', ({ name, expected }) => {
    const quoted = hostileTexts[name].replaceAll(/[\\*_[\]<>&|~!:@`()#-]/g, '\\$&');
    const message = { ...buildWith(quoted), title: hostileTexts[name] };
    const { body } = composeTeams(message, publicUrl).attachments[0].content;
    expect(body.map(({ inlines }) => inlines.map(({ text }) => text))).toEqual([[expected], [expected]]);
  });

  it('is cut politely where it is too long, whatever it consists of', async () => {
    const link = `[a](https://a.example/${'x'.repeat(900)}) `;
    for (const body of [
      'x & '.repeat(5_000),
      '**a**b'.repeat(2_000),
      link.repeat(100),
      '\u0436'.repeat(9_000),
    ]) {
      expect((await sendToVendor(msteams, buildWith(body))).result.outcome).toBe('sent');
    }
  });

  it('tells why it was refused, without the signature', async () => {
    const error = { code: 'WorkflowTriggerIsNotEnabled', message: `no trigger at ${signature}` };
    const { result } = await sendToVendor(msteams, buildMessage(), json(404, { error }));
    expect(result).toMatchObject({
      reason: 'endpoint answered 404: WorkflowTriggerIsNotEnabled: no trigger at (secret)',
    });
  });
});

describe('settings of msteams', () => {
  it.each([
    { name: 'a workflow', settings: { url: `https://example.api.powerplatform.com:443${path}` }, wrong: [] },
    { name: 'no workflow', settings: {}, wrong: ['/url'] },
    { name: 'an inner server', settings: { url: 'https://10.0.0.1/' }, wrong: ['/url'] },
  ])('are judged: $name', ({ settings, wrong }) => {
    const found = validateSettings('msteams', settings, { egressAllow: [] });
    expect(found.map(({ pointer }) => pointer)).toEqual(wrong);
  });

  it('say that users need no address', () => expect(validateAddress('msteams', 'ada')).toHaveLength(1));
});
