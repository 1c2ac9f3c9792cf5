import { useState } from 'preact/hooks';
import type { Body, Template } from '@carillon/client';
import { kindName } from '../../kind-name.ts';
import { useDoing, useLoad } from '../../load.ts';
import { CheckField, SelectField, TextField } from '../../ui/field.tsx';
import { Form, SaveRow } from '../../ui/form.tsx';
import { Panel } from '../../ui/page.tsx';
import { wrongAt } from '../../ui/shown.tsx';

interface TemplateSettingsProps {
  template: Template;
  onSave: (wish: Body<'updateTemplate'>) => Promise<void>;
}

type Settings = Required<
  Pick<Body<'updateTemplate'>, 'urgent' | 'mandatory' | 'enabled' | 'channels' | 'default_enabled'>
>;

const defaults = [
  { value: 'category', label: 'as its category says' },
  { value: 'on', label: 'on' },
  { value: 'off', label: 'off' },
] as const;

/** How what a template sends is treated: who can switch it off, what it passes, where it goes. */
export function TemplateSettings({ template, onSave }: TemplateSettingsProps) {
  const [texts, setTexts] = useState({
    name: template.name,
    group: template.group,
    category: template.category,
  });
  const [settings, setSettings] = useState<Settings>(() => {
    const { urgent, mandatory, enabled, channels, default_enabled } = template;
    return { urgent, mandatory, enabled, channels, default_enabled };
  });
  const kinds = useLoad((client, signal) => client.channelKinds.list({ signal }), []);
  const saving = useDoing(() => onSave({ ...texts, ...settings }));
  const set = (changes: Partial<Settings>): void => setSettings({ ...settings, ...changes });
  const text = (name: keyof typeof texts) => ({
    value: texts[name],
    onValue: (value: string) => setTexts({ ...texts, [name]: value }),
    wrong: wrongAt(saving.error, `/${name}`),
  });
  const usual = settings.default_enabled;
  return (
    <Panel>
      <Form onSubmit={() => saving.run()} label="How it is treated">
        <div class="form columns">
          <TextField label="Name" required {...text('name')} />
          <TextField label="Category" required hint="What users can switch off." {...text('category')} />
          <TextField label="Group" hint="A heading in lists." {...text('group')} />
          <SelectField
            label="For those who chose nothing it is"
            value={usual === null ? 'category' : usual ? 'on' : 'off'}
            choices={defaults}
            onValue={(value) => set({ default_enabled: value === 'category' ? null : value === 'on' })}
          />
        </div>
        <CheckField
          label="Switched on: what is sent by it goes out"
          checked={settings.enabled}
          onChecked={(enabled) => set({ enabled })}
        />
        <CheckField
          label="Urgent: it passes quiet hours, unless the user forbids that"
          checked={settings.urgent}
          onChecked={(urgent) => set({ urgent })}
        />
        <CheckField
          label="Mandatory: it reaches everybody, whatever they prefer and whatever the hour"
          checked={settings.mandatory}
          onChecked={(mandatory) => set({ mandatory })}
        />
        <KindChoice
          kinds={['inbox', ...(kinds.data?.data ?? []).map(({ kind }) => kind)]}
          chosen={settings.channels}
          onChosen={(channels) => set({ channels })}
        />
        <SaveRow of={saving} />
      </Form>
    </Panel>
  );
}

type Kinds = NonNullable<Settings['channels']>;

interface KindChoiceProps {
  kinds: Kinds;
  chosen: Settings['channels'];
  onChosen: (chosen: Settings['channels']) => void;
}

function KindChoice({ kinds, chosen, onChosen }: KindChoiceProps) {
  return (
    <fieldset class="stack tight">
      <legend>Which ways it goes</legend>
      <CheckField
        label="Every way that there is"
        checked={chosen === null}
        onChecked={(all) => onChosen(all ? null : ['inbox'])}
      />
      {chosen !== null && (
        <div class="row days">
          {kinds.map((kind) => (
            <CheckField
              key={kind}
              label={kindName(kind)}
              checked={chosen.includes(kind)}
              onChecked={(isOn) =>
                onChosen(kinds.filter((one) => (one === kind ? isOn : chosen.includes(one))))
              }
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
