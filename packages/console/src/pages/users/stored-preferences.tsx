import type { Answer, User } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { kindName } from '../../kind-name.ts';
import { useDoing } from '../../load.ts';
import { hrefTo } from '../../router.ts';
import { Button } from '../../ui/button.tsx';
import { Table } from '../../ui/keyset-table.tsx';
import { Empty, Panel } from '../../ui/page.tsx';
import { Instant } from '../../ui/time.tsx';
import { modeText, partText, type Preference } from './effective.ts';
import { windowText } from './week-picture.tsx';

interface StoredPreferencesProps {
  user: User;
  stored: Answer<'listPreferences'>;
  reload: () => void;
}

/** What a user chose, row by row: all else are defaults. */
export function StoredPreferences({ user, stored, reload }: StoredPreferencesProps) {
  const { api, say } = useConsole();
  const removing = useDoing(
    async (id: string, isOfTemplate: boolean) => {
      await (isOfTemplate
        ? api.preferences.deleteForTemplate(user.id, id)
        : api.preferences.delete(user.id, id));
      say('Removed');
      reload();
    },
    { says: true },
  );
  const { data, template_preferences: ofTemplates } = stored;
  const removeButton = (id: string, isOfTemplate: boolean, what: string) => (
    <Button
      onClick={() => removing.run(id, isOfTemplate)}
      busy={removing.busy}
      aria-label={`Remove: ${what}`}
    >
      Remove
    </Button>
  );
  return (
    <Panel title="What was chosen" flush>
      {data.length === 0 && ofTemplates.length === 0 && (
        <Empty title="Nothing">Everything is as categories and templates say.</Empty>
      )}
      {ofTemplates.length > 0 && (
        <Table
          caption="Choices for templates, which go before all others"
          rows={ofTemplates}
          keyOf={(one) => one.id}
          columns={[
            { title: 'Template', cell: (one) => <TemplateName of={one} /> },
            { title: 'By', cell: ({ kind }) => (kind === '' ? 'every way' : kindName(kind)) },
            { title: 'Choice', class: 'narrow', cell: ({ enabled }) => (enabled ? 'on' : 'off') },
            { title: 'Changed', class: 'narrow', cell: (one) => <Instant at={one.updated_at} /> },
            {
              title: 'What to do',
              class: 'narrow',
              cell: (one) => removeButton(one.id, true, one.template_key ?? one.template_id),
            },
          ]}
        />
      )}
      {data.length > 0 && (
        <Table
          caption="Choices for parts of what is sent, the broadest first"
          rows={data}
          keyOf={(one) => one.id}
          columns={[
            { title: 'For', cell: partText },
            { title: 'Choice', cell: choiceText },
            { title: 'Changed', class: 'narrow', cell: (one) => <Instant at={one.updated_at} /> },
            {
              title: 'What to do',
              class: 'narrow',
              cell: (one) => removeButton(one.id, false, partText(one)),
            },
          ]}
        />
      )}
    </Panel>
  );
}

type TemplatePreference = Answer<'listPreferences'>['template_preferences'][number];

function TemplateName({ of: { template_id: id, template_key: key } }: { of: TemplatePreference }) {
  if (key === null) return <span class="muted">a template that was removed</span>;
  return <a href={hrefTo(`/templates/${id}`)}>{key}</a>;
}

function choiceText({ enabled, quiet_hours: window, quiet_mode: mode }: Preference): string {
  const parts = [
    enabled === null ? '' : enabled ? 'on' : 'off',
    window === null ? '' : `quiet ${windowText(window)}`,
    mode === null ? '' : `in quiet time ${modeText(mode)}`,
  ];
  return parts.filter((part) => part !== '').join('; ') || 'nothing said';
}
