import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Answer, Channel } from '@carillon/client';
import { useDoing } from '../../load.ts';
import { CheckField, TextField } from '../../ui/field.tsx';
import { Form, SaveRow } from '../../ui/form.tsx';
import { Panel } from '../../ui/page.tsx';
import { wrongAt } from '../../ui/shown.tsx';
import { SettingInput } from './setting-input.tsx';
import { fieldsOf, grouped, readSettings, storedText, type SettingDraft } from './settings-form.ts';

export type ChannelKind = Answer<'listChannelKinds'>['data'][number];

/** What a form of a channel sends. */
export interface ChannelWish {
  name: string;
  enabled: boolean;
  settings: Record<string, unknown>;
  rate: Channel['rate'];
}

interface ChannelFormProps {
  kind: ChannelKind;
  /** What is there already; undefined for a new one. */
  channel: Channel | undefined;
  onSave: (wish: ChannelWish) => Promise<void>;
}

interface Drafts {
  name: string;
  enabled: boolean;
  perSecond: string;
  burst: string;
}

/** The settings of one channel, drawn from the schema of its kind. */
export function ChannelForm({ kind, channel, onSave }: ChannelFormProps) {
  const fields = useMemo(() => fieldsOf(kind.settings), [kind]);
  const [drafts, setDrafts] = useState<Drafts>(() => draftsOf(kind, channel));
  const [settings, setSettings] = useState<ReadonlyMap<string, SettingDraft>>(new Map());
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map());
  const set = (changes: Partial<Drafts>): void => setDrafts({ ...drafts, ...changes });
  const stored = (name: string): string | undefined => storedText(channel?.settings[name]);

  const saving = useDoing(async () => {
    const read = readSettings(fields, settings, (name) => stored(name) !== undefined);
    const rate = readRate(drafts);
    setWrong(new Map([...(read.wrong ?? []), ...(rate === 'wrong' ? [rateWrong] : [])]));
    if (read.settings === undefined || rate === 'wrong') return;
    await onSave({ name: drafts.name.trim(), enabled: drafts.enabled, settings: read.settings, rate });
    setSettings(new Map());
  });
  const wrongOf = (name: string): string | undefined =>
    wrong.get(name) ?? wrongAt(saving.error, `/settings/${name}`);

  return (
    <Form onSubmit={() => saving.run()} label={`Settings of ${drafts.name}`} class="stack">
      <Panel title="Settings">
        <div class="form">
          <TextField
            label="Name"
            value={drafts.name}
            onValue={(name) => set({ name })}
            required
            wrong={wrongAt(saving.error, '/name')}
          />
          <CheckField
            label="Switched on: messages are sent through it"
            checked={drafts.enabled}
            onChecked={(enabled) => set({ enabled })}
          />
          {grouped(fields).map(({ group, fields: ofGroup }) => (
            <SettingGroup key={group} title={group}>
              {ofGroup.map((field) => (
                <SettingInput
                  key={field.name}
                  field={field}
                  draft={settings.get(field.name) ?? { as: 'stored' }}
                  stored={stored(field.name)}
                  wrong={wrongOf(field.name)}
                  onDraft={(draft) => setSettings(new Map([...settings, [field.name, draft]]))}
                />
              ))}
            </SettingGroup>
          ))}
        </div>
      </Panel>
      <Panel title="How fast">
        <RateFields {...{ kind, drafts, set }} wrong={wrong.get('rate') ?? wrongAt(saving.error, '/rate')} />
      </Panel>
      <SaveRow of={saving}>{channel === undefined ? 'Set up' : 'Save'}</SaveRow>
    </Form>
  );
}

/** Settings of one of several vendors stand apart, under its name. */
function SettingGroup({ title, children }: { title: string; children: ComponentChildren }) {
  if (title === '') return <>{children}</>;
  return (
    <fieldset class="form setting-group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

interface RateFieldsProps {
  kind: ChannelKind;
  drafts: Drafts;
  set: (changes: Partial<Drafts>) => void;
  wrong: string | undefined;
}

function RateFields({ kind, drafts, set, wrong }: RateFieldsProps) {
  const { rate } = kind;
  const usual =
    rate === null
      ? 'Empty: as fast as the target takes it.'
      : `Empty: what its vendor takes, ${rate.per_second} a second and ${rate.burst} at once.`;
  return (
    <div class="stack tight">
      <p class="muted small">{usual} What is too much waits for its turn, over all workers.</p>
      <div class="form columns">
        <TextField
          label="Messages a second"
          value={drafts.perSecond}
          onValue={(perSecond) => set({ perSecond })}
          wrong={wrong}
          placeholder={rate === null ? '' : String(rate.per_second)}
        />
        <TextField
          label="At once after a pause"
          value={drafts.burst}
          onValue={(burst) => set({ burst })}
          placeholder={rate === null ? '' : String(rate.burst)}
        />
      </div>
    </div>
  );
}

const rateWrong = ['rate', 'give both numbers, or neither'] as const;

function readRate({ perSecond, burst }: Drafts): Channel['rate'] | 'wrong' {
  if (perSecond.trim() === '' && burst.trim() === '') return null;
  const rate = { per_second: Number(perSecond), burst: Number(burst) };
  return rate.per_second > 0 && Number.isInteger(rate.burst) && rate.burst > 0 ? rate : 'wrong';
}

function draftsOf(kind: ChannelKind, channel: Channel | undefined): Drafts {
  const { rate = null, name = kind.title, enabled = true } = channel ?? {};
  return {
    ...{ name, enabled },
    perSecond: rate === null ? '' : String(rate.per_second),
    burst: rate === null ? '' : String(rate.burst),
  };
}
