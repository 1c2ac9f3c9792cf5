import type { Answer, User } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useLoad } from '../../load.ts';
import { ifStill, tagged, type Tagged } from '../../tagged.ts';
import { Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { RuleListForm } from './rule-list-form.tsx';

/** In what order a user is notified, until they have seen it. */
export function RulesTab({ user }: { user: User }) {
  const { api, say } = useConsole();
  const loaded = useLoad(
    (client, signal) => tagged((options) => client.rules.get(user.id, { ...options, signal })),
    [user.id],
  );
  const listPanel = ({ is: lists, etag }: Tagged<Answer<'getRules'>>, important: boolean) => {
    const list = important ? lists.important : lists.default;
    return (
      <Panel title={important ? 'For urgent notifications' : 'Default list'}>
        <div class="stack">
          {list.rules.length === 0 && <p class="muted">{emptyText(lists, important)}</p>}
          <RuleListForm
            key={JSON.stringify(list)}
            list={list}
            name={important ? 'the list for urgent notifications' : 'the default list'}
            onSave={async (wish) => {
              loaded.put(
                await tagged((options) =>
                  api.rules.set(user.id, { ...wish, important }, { ...options, ...ifStill(etag) }),
                ),
              );
              say('Saved');
            }}
          />
        </div>
      </Panel>
    );
  };
  return (
    <>
      <p class="muted">
        With rules, this user is notified step by step until the notification is read. Without any,
        preferences alone decide.
      </p>
      <Shown of={loaded}>
        {(lists) => (
          <div class="columns">
            {listPanel(lists, false)}
            {listPanel(lists, true)}
          </div>
        )}
      </Shown>
    </>
  );
}

function emptyText(lists: Answer<'getRules'>, important: boolean): string {
  if (important && lists.default.rules.length > 0) return 'Empty: the default list is run for them too.';
  return 'Empty: preferences alone decide.';
}
