import { describe, expect, it } from '@jest/globals';
import { emptyForm, readForm, type SimulationForm } from './simulation-form.ts';

const form = (changes: Partial<SimulationForm>): SimulationForm => ({
  ...{ ...emptyForm, to: 'external:ada' },
  ...changes,
});

describe('the form of the simulator', () => {
  it('becomes a call with nothing in it that was not filled in', () => {
    expect(readForm(form({}))).toEqual({
      wish: { to: ['external:ada'], title: 'Disk is filling up' },
      jumped: undefined,
    });
  });

  it('asks for Sunday at 03:00 on the wall of the chosen zone', () => {
    const read = readForm(form({ wall: '2026-11-22T03:00', zone: 'Europe/Berlin', urgent: true }));
    expect(read.wish).toMatchObject({ at: '2026-11-22T02:00:00.000Z', urgent: true });
  });

  it('takes several people, and the words of a template with its data', () => {
    const read = readForm(
      form({ to: 'a, b\nc', by: 'template', template: 'build-failed', data: '{"n": 1}' }),
    );
    expect(read.wish).toEqual({ to: ['a', 'b', 'c'], template: 'build-failed', data: { n: 1 } });
  });

  it('tells of a time that the clock jumps over what it shows instead', () => {
    const read = readForm(form({ wall: '2026-03-29T02:30', zone: 'Europe/Berlin' }));
    expect(read).toMatchObject({ jumped: '2026-03-29T03:30' });
  });

  it.each([
    { name: 'nobody', changes: { to: ' ' }, field: 'to' },
    { name: 'no words', changes: { title: '' }, field: 'title' },
    { name: 'no template', changes: { by: 'template' as const }, field: 'template' },
    {
      name: 'data that are none',
      changes: { by: 'template' as const, template: 'x', data: '{' },
      field: 'data',
    },
    { name: 'no zone', changes: { wall: '2026-11-22T03:00', zone: 'Mars' }, field: 'zone' },
  ])('is refused at its field: $name', ({ changes, field }) => {
    expect(Object.keys(readForm(form(changes)).wrong ?? {})).toEqual([field]);
  });
});
