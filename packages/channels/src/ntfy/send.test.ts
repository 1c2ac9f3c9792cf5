import { adapterBattery, buildMessage, type WebhookArrival } from '@carillon/testkit';
import { describe, expect, it } from '@jest/globals';
import { hostileTexts } from '../../test/hostile-texts.ts';
import { buildWith, sendToVendor } from '../../test/send-to-vendor.ts';
import { json, vendorHarness, type Vendor } from '../../test/vendor-harness.ts';
import { validateAddress, validateSettings } from '../validate.ts';
import { composeNtfy } from './compose.ts';
import { createNtfyAdapter } from './send.ts';

const token = 'tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2';

/** "Publish as JSON" of ntfy. */
function checkCall({ method, path, headers, body }: WebhookArrival): string | undefined {
  if (method !== 'POST' || path !== '/push/') return 'page not found';
  if (headers['authorization'] !== `Bearer ${token}`) return 'unauthorized';
  const { topic, sequence_id: sequence, message, priority, actions = [], click } = JSON.parse(body);
  if (![topic, sequence].every((id) => /^[-_A-Za-z0-9]{1,64}$/.test(id))) return 'invalid topic';
  if (message === '' || Buffer.byteLength(message) > 4_096) return 'would become an attachment';
  if (![1, 2, 3, 4, 5].includes(priority)) return 'invalid priority parameter';
  if (click !== undefined && !URL.canParse(click)) return 'invalid click';
  return checkActions(actions);
}

function checkActions(actions: { action: string; label: string; url: string }[]): string | undefined {
  const areRight = actions.every(
    ({ action, label, url }) => action === 'view' && label !== '' && URL.canParse(url),
  );
  return areRight && actions.length <= 3 ? undefined : 'invalid request: actions invalid';
}

const ntfy: Vendor = {
  create: createNtfyAdapter,
  // A server may stand under a path.
  target: (baseUrl) => ({ settings: { base_url: `${baseUrl}/push/`, token }, address: 'ada-alerts' }),
  check: checkCall,
  taken: {
    status: 200,
    body: { id: 'hwQ2YpKdmg', time: 1_635_528_741, event: 'message', topic: 'ada-alerts' },
  },
  refused: (status, error) => ({ code: status * 100 + 1, http: status, error, link: 'https://ntfy.sh/docs' }),
  waits: [],
  secrets: [token],
};

const compose = (body: string, notification = {}, urgent = false) =>
  composeNtfy(
    { ...buildWith(body, { urgent, ...notification }), text: body },
    'https://carillon.example.org',
  );

describe('the ntfy adapter', () => {
  it.each(adapterBattery(vendorHarness(ntfy)))('$name', ({ run }) => run());
});

describe('a message in ntfy', () => {
  it('is title and text, with what a tap opens, a button for each action, and the delivery as its sequence id', async () => {
    const { result, body } = await sendToVendor(ntfy, buildMessage());
    expect(result).toEqual({ outcome: 'sent', statusCode: 200, providerId: 'hwQ2YpKdmg' });
    expect(body).toEqual({
      ...{ topic: 'ada-alerts', sequence_id: '01890a5d-ac96-774b-bcce-b302099a8057' },
      ...{ title: 'Build 7 failed', message: 'The build of main failed in step test.', priority: 3 },
      click: 'https://ci.example.org/builds/7',
      actions: [{ action: 'view', label: 'See the log', url: 'https://carillon.example.org/builds/7/log' }],
    });
  });

  it('is of the highest priority when it is urgent', () => {
    expect(compose('.', {}, true).priority).toBe(5);
  });

  it.each([
    { name: 'script', expected: hostileTexts.script },
    { name: 'mention', expected: hostileTexts.mention },
    { name: 'marks', expected: hostileTexts.marks },
    { name: 'closing', expected: hostileTexts.closing },
    { name: 'braces', expected: hostileTexts.braces },
    { name: 'bidi', expected: 'safeexe.gpj' },
    { name: 'zeroWidth', expected: 'paypal' },
  ] as const)('is plain: $name', ({ name, expected }) => {
    const made = compose(hostileTexts[name], { actions: [{ label: hostileTexts[name], url: '/x' }] });
    expect(made).toMatchObject({ message: expected, actions: [{ label: expected }] });
    expect(made).not.toHaveProperty('markdown');
  });

  it('is cut by bytes, so that it stays a message', async () => {
    for (const text of ['word '.repeat(2_000), '\u0436'.repeat(5_000), '😀'.repeat(3_000), '']) {
      const { result } = await sendToVendor(ntfy, { ...buildMessage(), text });
      expect(result.outcome).toBe('sent');
    }
    expect(Buffer.byteLength(compose('\u0436'.repeat(5_000)).message)).toBeGreaterThan(4_000);
  });

  it('tells why it was refused', async () => {
    const answer = json(403, { code: 40_301, http: 403, error: 'forbidden' });
    expect((await sendToVendor(ntfy, buildMessage(), answer)).result).toMatchObject({
      reason: 'endpoint answered 403: forbidden (code 40301)',
    });
  });
});

describe('settings and addresses of ntfy', () => {
  it.each([
    { name: 'nothing', settings: {}, wrong: [] },
    { name: 'a server and a token', settings: { base_url: 'https://ntfy.example.org', token }, wrong: [] },
    { name: 'an inner server', settings: { base_url: 'https://10.0.0.1' }, wrong: ['/base_url'] },
    { name: 'a token of two lines', settings: { token: 'a\r\nb' }, wrong: ['/token'] },
  ])('are judged: $name', ({ settings, wrong }) => {
    const found = validateSettings('ntfy', settings, { egressAllow: [] });
    expect(found.map(({ pointer }) => pointer)).toEqual(wrong);
  });

  it.each([
    { address: 'ada-alerts_7', errors: 0 },
    { address: 'a/b', errors: 1 },
    { address: 'a'.repeat(65), errors: 2 },
  ])('take topics only: $address', ({ address, errors }) => {
    expect(validateAddress('ntfy', address)).toHaveLength(errors);
  });
});
