import { describe, expect, it } from '@jest/globals';
import { createContentCache, planDeliveries, renderNotification, resolvePreference } from '@carillon/core';
import { createNewId } from '@carillon/runtime';
import { cpuUsOfEach } from './core/cpu-time.mjs';
import { planSamples } from './core/planning.mjs';
import { renderSamples } from './core/rendering.mjs';
import { latenessOf, wallTime } from './held.mjs';
import { itemNumber } from './load/requests.mjs';
import { notNow, preferenceWrites, template } from './policy.mjs';

describe('plans to be measured', () => {
  it('have what the figure says: ten rows, a window, a category, three kinds', () => {
    for (const { context } of planSamples(8)) {
      const { user, category } = context.policy;
      expect([user.rows.length, context.channels.length]).toEqual([10, 3]);
      expect([user.window, category]).not.toContain(undefined);
    }
  });

  it('come out in all ways: sent, held, dropped and not wanted', () => {
    const codes = planSamples(256).flatMap(({ context, now }) =>
      planDeliveries(context, now).decisions.map((one) => one.code),
    );
    expect([...new Set(codes)].toSorted()).toEqual([
      ...['deliver_now', 'digest', 'dropped_in_quiet_time', 'placed', 'preference_off', 'quiet_hours'],
    ]);
  });
});

describe('texts to be measured', () => {
  it('show all four variables', () => {
    const cache = createContentCache({ countMax: 10, bytesMax: 100_000 });
    const [first] = renderSamples(1).map((sample) => renderNotification(cache, sample));
    expect(first).toMatchObject({
      title: 'Backup of eu-west-0 finished',
      body: 'All **12** databases of eu-west-0 are safe, Robot \\*0\\* checked them in 0 minutes.',
      missing: [],
    });
  });

  it('come in batches of one object, as the render thread gets them', () => {
    expect(new Set(renderSamples(250).map((sample) => sample.content)).size).toBe(3);
  });
});

describe('CPU time', () => {
  it('has a value for each round and leaves the first calls out', () => {
    let calls = 0;
    const figures = cpuUsOfEach({ times: 10, rounds: 2 }, () => void (calls += 1));
    expect([figures.length, calls]).toEqual([2, 30]);
  });
});

describe('recipients who chose something', () => {
  const window = { start: '01:00', end: '09:00' };
  const rows = preferenceWrites(createNewId(), window);

  it('have ten rows, each about something else', () => {
    const parts = rows.map((row) => [row.category, row.environment, row.project, row.kind].join(' '));
    expect(new Set(parts).size).toBe(10);
  });

  it.each(['inbox', 'null'] as const)('want what is sent to them by %s', (kind) => {
    const chosen = rows.map((row) => ({ ...row, window: undefined }));
    const given = { rows: chosen, templateRows: [], templateId: undefined, mandatory: false };
    const scope = { category: 'backups', environment: '', project: '' };
    const wanted = resolvePreference(
      { ...given, scope, templateDefault: undefined, categoryDefault: undefined },
      kind,
    );
    expect(wanted).toMatchObject({ enabled: true, layer: 'preference' });
  });

  it.each([
    { now: '2026-03-01T12:30:00Z', zone: 'UTC', window: { start: '19:00', end: '03:00' } },
    { now: '2026-03-01T23:59:00Z', zone: 'UTC', window: { start: '06:00', end: '14:00' } },
    { now: '2026-07-01T12:30:00Z', zone: 'Europe/Berlin', window: { start: '21:00', end: '05:00' } },
  ])('have quiet hours that are not now ($now in $zone)', ({ now, zone, window: wanted }) => {
    expect(notNow(new Date(now), zone)).toEqual(wanted);
  });

  it('get titles that end in the number of the item', () => {
    const cache = createContentCache({ countMax: 10, bytesMax: 100_000 });
    const data = { number: 12_345, databases: 12, region: 'the east region', hint: '' };
    const context = { user: {}, organization: {} };
    const rendered = renderNotification(cache, { content: template.variant, data, context });
    expect(rendered).toMatchObject({ outcome: 'rendered', missing: [] });
    expect('title' in rendered ? itemNumber(rendered.title) : undefined).toBe(12_345);
  });
});

describe('held deliveries', () => {
  it('have their lateness told by the middle and the last', () => {
    expect(latenessOf([3, 1, 2, 9])).toEqual({ p50: 2, max: 9 });
  });

  it('wait for a minute on the wall', () => {
    expect(wallTime(Date.UTC(2026, 0, 1, 7, 5, 59, 999))).toBe('07:05');
  });
});
