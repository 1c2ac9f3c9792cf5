import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { buildServices } from '@carillon/testkit';
import { expectNotification, startCarillon, type TestCarillon } from '../src/testing/index.ts';

// Liveness, not speed: a whole stack boots.
jest.setTimeout(180_000);

const hourMs = 3_600_000;

describe('a Carillon for the tests of a product', () => {
  let carillon: TestCarillon;
  beforeAll(async () => {
    await buildServices();
    carillon = await startCarillon();
  });
  afterAll(() => carillon?.stop());

  it('shows what the product has sent, in the inbox and by mail', async () => {
    const ada = await carillon.as('ada');
    await carillon.admin.users.update('external:ada', { email: 'ada@example.com' });
    await carillon.admin.notifications.create({
      ...{ to: ['external:ada'], title: 'Grüße aus Köln', body: 'Bestellung **12** ist da.' },
      data: { order: { number: 12, paid: true } },
    });
    const wish = { to: 'ada', title: /Köln$/, data: { order: { paid: true, number: 12 } } };
    const { id } = await expectNotification(carillon.admin, wish, { withinMs: 30_000 });
    expect((await ada.inbox.list()).data).toMatchObject([{ id, title: 'Grüße aus Köln' }]);
    const mail = await carillon.lastMail({ to: 'ada@example.com', withinMs: 30_000 });
    expect(mail).toMatchObject({ subject: 'Grüße aus Köln', to: expect.stringContaining('ada@example.com') });
    expect(mail.text).toContain('Bestellung 12 ist da.');
    expect(mail.html).toContain('<strong>12</strong>');
  });

  it('sees tomorrow today', async () => {
    const tomorrow = new Date(Date.now() + 24 * hourMs).toISOString();
    const create = { to: ['external:ada'], title: 'Tomorrow', send_at: tomorrow };
    await carillon.admin.notifications.create(create);
    const wish = { to: 'ada', title: 'Tomorrow' };
    const early = expectNotification(carillon.admin, wish, { withinMs: 0 });
    await expect(early).rejects.toThrow('scheduled: "Tomorrow"');
    await carillon.advance(25 * hourMs);
    await expectNotification(carillon.admin, wish, { withinMs: 30_000 });
  });

  it('says what there is instead of what was expected', async () => {
    const wish = { to: 'ada', title: 'Never sent' };
    await expect(expectNotification(carillon.admin, wish, { withinMs: 0 })).rejects.toThrow('Grüße aus Köln');
    const nobody = expectNotification(carillon.admin, { to: 'nobody' }, { withinMs: 0 });
    await expect(nobody).rejects.toThrow('Nothing was sent to that user');
    await expect(carillon.lastMail({ to: 'nobody@example.com', withinMs: 0 })).rejects.toThrow(
      'ada@example.com',
    );
    await expect(startCarillon({ command: ['node', '--eval', 'process.exit(3)'] })).rejects.toThrow(
      'ended with 3',
    );
  });
});
