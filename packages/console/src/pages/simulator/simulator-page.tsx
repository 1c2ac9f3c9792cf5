import { useState } from 'preact/hooks';
import type { Answer, Carillon, User } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { Empty, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Failure, wrongAt } from '../../ui/shown.tsx';
import { zone as zoneHere } from '../../ui/time.tsx';
import { Plan } from './plan.tsx';
import { PersonField } from './person-field.tsx';
import { emptyForm, readForm, type SimulationForm } from './simulation-form.ts';
import { zoneOf } from '../users/zone-of.ts';
import { WhatFields } from './what-fields.tsx';
import { WhenFields } from './when-fields.tsx';

interface Outcome {
  simulation: Answer<'createSimulation'>;
  users: ReadonlyMap<string, User>;
  zone: string;
  jumped: string | undefined;
}

/** "What would Ada get if this were sent on Sunday at 03:00?" Nothing is written, and nothing is sent. */
export function SimulatorPage({ query }: PageProps) {
  const { api } = useConsole();
  const [form, setForm] = useState<SimulationForm>({ ...emptyForm, to: query.get('to') ?? '' });
  const [user, setUser] = useState<User>();
  const [wrong, setWrong] = useState<Partial<Record<keyof SimulationForm, string>>>({});
  const [outcome, setOutcome] = useState<Outcome>();
  const set = (changes: Partial<SimulationForm>): void => setForm((before) => ({ ...before, ...changes }));
  // Before somebody is named it is the clock of who asks.
  const clock = useLoad(
    async (client, signal) => (user === undefined ? zoneHere() : zoneOf(client, user, signal)),
    [user?.id],
  );
  const usualZone = clock.data ?? zoneHere();
  const simulating = useDoing(async () => {
    const zone = form.zone.trim() === '' ? usualZone : form.zone.trim();
    const read = readForm({ ...form, zone });
    setWrong(read.wrong ?? {});
    if (read.wish === undefined) return;
    const simulation = await api.notifications.simulate(read.wish);
    setOutcome({ simulation, users: await loadUsers(api, simulation), zone, jumped: read.jumped });
  });
  const toWrong = wrong.to ?? wrongAt(simulating.error, '/to/0');
  return (
    <div class="page">
      <PageHead
        title="Simulator"
        lead="What would somebody get, if this were sent then? It is decided as in earnest, with the reasons; nothing is written or sent."
      />
      <div class="simulator">
        <Panel>
          <Form onSubmit={() => simulating.run()} label="Simulation">
            <PersonField
              label="To whom"
              value={form.to}
              onValue={(to) => set({ to })}
              onUser={setUser}
              wrong={toWrong}
              hint="An id, external: and your own id, or an e-mail address; several with commas."
            />
            <WhatFields {...{ form, wrong, set }} />
            <WhenFields {...form} usualZone={usualZone} onWhen={set} wrong={wrong.zone} />
            <div class="row">
              <Button type="submit" look="primary" busy={simulating.busy}>
                Simulate
              </Button>
            </div>
          </Form>
        </Panel>
        <div class="stack" aria-live="polite" aria-busy={simulating.busy}>
          <Failure error={simulating.error} />
          {outcome === undefined && simulating.error === undefined && (
            <Panel>
              <Empty title="Nothing simulated yet">Say to whom, what and when.</Empty>
            </Panel>
          )}
          {outcome?.jumped !== undefined && (
            <div class="note warn">
              <strong>This time does not exist</strong>
              <span>The clock jumps over it: {outcome.jumped.replace('T', ' ')} was taken.</span>
            </div>
          )}
          {outcome !== undefined && <Plan {...outcome} />}
        </div>
      </div>
    </div>
  );
}

async function loadUsers(
  api: Carillon,
  { recipients }: Answer<'createSimulation'>,
): Promise<ReadonlyMap<string, User>> {
  const users = await Promise.all(recipients.map(({ recipient_id: id }) => api.users.get(id)));
  return new Map(users.map((user) => [user.id, user]));
}
