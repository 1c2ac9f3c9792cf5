import type { Carillon } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useLoad } from '../../load.ts';
import { AreaField, CheckField, SelectField, TextField } from '../../ui/field.tsx';
import type { SimulationForm } from './simulation-form.ts';

interface WhatFieldsProps {
  form: SimulationForm;
  wrong: Partial<Record<keyof SimulationForm, string>>;
  set: (changes: Partial<SimulationForm>) => void;
}

/** What is sent: words of one's own, or those of a template. */
export function WhatFields({ form, wrong, set }: WhatFieldsProps) {
  return (
    <fieldset class="stack tight">
      <legend>What</legend>
      <div class="segments" role="group" aria-label="Whose words">
        <button type="button" aria-pressed={form.by === 'words'} onClick={() => set({ by: 'words' })}>
          Own words
        </button>
        <button type="button" aria-pressed={form.by === 'template'} onClick={() => set({ by: 'template' })}>
          A template
        </button>
      </div>
      {form.by === 'words' ? (
        <OwnWords {...{ form, wrong, set }} />
      ) : (
        <TemplateWords {...{ form, wrong, set }} />
      )}
      <CheckField label="Urgent" checked={form.urgent} onChecked={(urgent) => set({ urgent })} />
      <details>
        <summary>Environment and project</summary>
        <div class="form columns">
          <TextField
            label="Environment"
            value={form.environment}
            onValue={(environment) => set({ environment })}
          />
          <TextField label="Project" value={form.project} onValue={(project) => set({ project })} />
        </div>
      </details>
    </fieldset>
  );
}

function OwnWords({ form, wrong, set }: WhatFieldsProps) {
  const categories = useLoad((api, signal) => api.categories.list({ signal }), []);
  return (
    <>
      <TextField label="Title" value={form.title} onValue={(title) => set({ title })} wrong={wrong.title} />
      <AreaField label="Text (Markdown)" value={form.body} onValue={(body) => set({ body })} rows={3} />
      <TextField
        label="Category"
        value={form.category}
        onValue={(category) => set({ category })}
        placeholder="general"
        options={(categories.data?.data ?? []).map(({ key }) => key)}
      />
    </>
  );
}

/** As many templates as a list of choices may have; all that an organization can have are five times that. */
const templatesShown = 200;

function TemplateWords({ form, wrong, set }: WhatFieldsProps) {
  const { api } = useConsole();
  const templates = useLoad(
    (client, signal) => client.templates.list({ limit: templatesShown }, { signal }),
    [],
  );
  const choose = async (template: string): Promise<void> => {
    set({ template });
    const found = templates.data?.data.find((one) => one.key === template);
    if (found?.published_version == null) return;
    set({ template, data: await sampleOf(api, template, found.published_version) });
  };
  return (
    <>
      <SelectField
        label="Template"
        value={form.template}
        choices={[
          { value: '', label: 'Choose one' },
          ...(templates.data?.data ?? []).map(({ key, name }) => ({ value: key, label: `${name} (${key})` })),
        ]}
        onValue={(template) => void choose(template)}
        wrong={wrong.template}
      />
      <AreaField
        label="Data (JSON)"
        value={form.data}
        onValue={(data) => set({ data })}
        rows={6}
        mono
        wrong={wrong.data}
      />
    </>
  );
}

async function sampleOf(api: Carillon, template: string, version: number): Promise<string> {
  const { sample_data: sample } = await api.templateVersions.get(template, version);
  return JSON.stringify(sample, undefined, 2);
}
