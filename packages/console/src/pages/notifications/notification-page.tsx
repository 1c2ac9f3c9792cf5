import type { Notification } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { hrefTo } from '../../router.ts';
import { StateBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Copyable, JsonBlock } from '../../ui/copyable.tsx';
import { Facts, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Instant } from '../../ui/time.tsx';
import { Rules } from './timeline/rules.tsx';
import { TimelinePicture } from './timeline/timeline-picture.tsx';
import { timelineOf, type Explanation } from './timeline/timeline.ts';

interface Told {
  notification: Notification;
  explanation: Explanation;
}

/** One notification, and what became of it. */
export function NotificationPage({ params }: PageProps) {
  const id = params['id'] ?? '';
  const told = useLoad<Told>(
    async (api, signal) => {
      const [notification, explanation] = await Promise.all([
        api.notifications.get(id, { signal }),
        api.notifications.explain(id, { signal }),
      ]);
      return { notification, explanation };
    },
    [id],
  );
  const title = told.data?.notification.title || told.data?.notification.template || 'Notification';
  return (
    <div class="page">
      <PageHead title={title} above={<a href={hrefTo('/notifications')}>Notifications</a>}>
        <Button onClick={told.reload} busy={told.busy}>
          Refresh
        </Button>
        {told.data !== undefined && (
          <CancelButton notification={told.data.notification} onDone={told.reload} />
        )}
      </PageHead>
      <Shown of={told}>
        {({ notification, explanation }) => (
          <>
            <Panel title="What became of it">
              <TimelinePicture timeline={timelineOf(explanation)} />
            </Panel>
            {explanation.rules !== null && (
              <Panel title="The recipient’s rules">
                <Rules rules={explanation.rules} />
              </Panel>
            )}
            <div class="columns">
              <Panel title="Content">
                <Content notification={notification} />
              </Panel>
              <Panel title="Facts">
                <NotificationFacts notification={notification} />
              </Panel>
            </div>
          </>
        )}
      </Shown>
    </div>
  );
}

function CancelButton({ notification, onDone }: { notification: Notification; onDone: () => void }) {
  const { api, confirm, say } = useConsole();
  const { busy, run } = useDoing(
    async () => {
      const yes = await confirm({
        title: 'Cancel this notification?',
        text: 'What is still pending is not sent, and it leaves the inbox of its recipient. What went out stays out.',
        ...{ button: 'Cancel it', danger: true },
      });
      if (!yes) return;
      const { cancelled, sent } = await api.notifications.cancel(notification.id, { withdraw: true });
      say(`Stopped: ${cancelled}. Sent before: ${sent}.`);
      onDone();
    },
    { says: true },
  );
  if (notification.cancelled_at !== null) return null;
  return (
    <Button look="danger" busy={busy} onClick={() => run()}>
      Cancel and withdraw
    </Button>
  );
}

function Content({ notification }: { notification: Notification }) {
  const { title, body, url, actions, data } = notification;
  return (
    <div class="stack">
      <h3>{title || 'Its texts are not rendered yet'}</h3>
      {body !== '' && <p class="as-written">{body}</p>}
      {url !== null && (
        <p class="small">
          Leads to <code>{url}</code>
        </p>
      )}
      {actions.length > 0 && <p class="small">Buttons: {actions.map(({ label }) => label).join(', ')}</p>}
      {Object.keys(data).length > 0 && <JsonBlock value={data} label="Data" />}
    </div>
  );
}

function NotificationFacts({ notification }: { notification: Notification }) {
  const { recipient_id: recipient, template, template_version: version, urgent } = notification;
  return (
    <Facts
      of={[
        ['State', <StateBadge key="state" state={notification.state} />],
        [
          'Recipient',
          <a key="to" href={hrefTo(`/users/${recipient}`)}>
            {notification.recipient_external_id ?? recipient}
          </a>,
        ],
        ['Category', notification.category],
        [
          'Template',
          template === null ? undefined : (
            <a key="template" href={hrefTo(`/templates/${template}`)}>
              {template}, version {version}
            </a>
          ),
        ],
        ['Urgent', urgent ? 'yes: it passes quiet hours' : undefined],
        ['Accepted', <Instant key="at" at={notification.created_at} exact />],
        [
          'Send at',
          notification.send_at === null ? undefined : <Instant key="send" at={notification.send_at} exact />,
        ],
        [
          'Expires',
          notification.expires_at === null ? undefined : (
            <Instant key="end" at={notification.expires_at} exact />
          ),
        ],
        [
          'Call',
          <a key="trigger" href={hrefTo('/notifications', { trigger_id: notification.trigger_id })}>
            all of the same call
          </a>,
        ],
        ['Id', <Copyable key="id" text={notification.id} />],
      ]}
    />
  );
}
