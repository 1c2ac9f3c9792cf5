import type { Answer, User } from '@carillon/client';
import { kindName } from '../../kind-name.ts';
import { MailFrame } from '../../rendered/mail-frame.tsx';
import { SafeHtml } from '../../rendered/safe-html.tsx';
import { hrefTo } from '../../router.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Empty, Panel } from '../../ui/page.tsx';
import { nameOf } from '../users/users-page.tsx';
import { windowText } from '../users/week-picture.tsx';
import { wallAt } from './instant.ts';
import { pictureOf, type SimulatedRecipient } from './lanes.ts';
import { PlanPicture } from './plan-picture.tsx';

type Simulation = Answer<'createSimulation'>;
type SimulatedKind = SimulatedRecipient['kinds'][number];

interface PlanProps {
  simulation: Simulation;
  /** Those who would be told, by their ids. */
  users: ReadonlyMap<string, User>;
  /** The zone in which it is shown. */
  zone: string;
}

/** What would become of a notification: who gets what when, and why. */
export function Plan({ simulation, users, zone }: PlanProps) {
  const { at, decided_at: decidedAt, paused, delivery_mode: mode, rejected } = simulation;
  return (
    <>
      {paused && (
        <div class="note warn">
          <strong>It would wait</strong>
          <span>The organization or the template is paused at present.</span>
        </div>
      )}
      {mode !== 'live' && (
        <div class="note warn">
          <strong>This installation is on trial ({mode})</strong>
          <span>Messages are kept back and written down instead of being sent.</span>
        </div>
      )}
      {rejected.map(({ pointer, detail }) => (
        <div key={pointer} class="note bad">
          <strong>Left out: {pointer}</strong>
          <span>{detail}</span>
        </div>
      ))}
      {simulation.recipients.length === 0 && <Empty title="Nobody would be told" />}
      {simulation.recipients.map((recipient) => (
        <RecipientPlan
          key={recipient.recipient_id}
          recipient={recipient}
          user={users.get(recipient.recipient_id)}
          {...{ at, decidedAt, zone }}
        />
      ))}
    </>
  );
}

interface RecipientPlanProps {
  recipient: SimulatedRecipient;
  user: User | undefined;
  at: string;
  decidedAt: string;
  zone: string;
}

function RecipientPlan({ recipient, user, at, decidedAt, zone }: RecipientPlanProps) {
  const { recipient_id: id, recipient_external_id: externalId, kinds, rules, placed } = recipient;
  const name = user === undefined ? (externalId ?? id) : nameOf(user);
  const reaching = kinds.filter(({ decision }) => decision !== 'suppress');
  const silent = kinds.filter(({ decision }) => decision === 'suppress');
  return (
    <Panel title={`What ${name} would get`} tools={<a href={hrefTo(`/users/${id}`)}>Show the user</a>}>
      <div class="stack">
        <p class="muted">
          Sent {timeText(at, zone)}
          {decidedAt !== at && `, decided ${timeText(decidedAt, zone)}`} ({zone}).{' '}
          {placed ? 'It would be in the inbox.' : 'It would not be in the inbox.'}
        </p>
        <PlanPicture picture={pictureOf(recipient, decidedAt)} zone={zone} />
        <ul class="plan-kinds">
          {reaching.map((kind) => (
            <li key={kind.kind}>
              <KindPlan of={kind} />
            </li>
          ))}
        </ul>
        {rules !== null && <RulesPlan rules={rules} />}
        {silent.length > 0 && (
          <details class="plan-silent">
            <summary>
              By {silent.length === 1 ? 'one other way' : `${silent.length} other ways`} nothing would come
            </summary>
            <ul class="plan-kinds">
              {silent.map((kind) => (
                <li key={kind.kind}>
                  <KindPlan of={kind} />
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </Panel>
  );
}

const decisions: Readonly<Record<SimulatedKind['decision'], { tone: Tone; text: string }>> = {
  place: { tone: 'good', text: 'in the inbox' },
  send: { tone: 'good', text: 'sent at once' },
  hold: { tone: 'warn', text: 'held' },
  suppress: { tone: 'quiet', text: 'not sent' },
  rules: { tone: 'busy', text: 'by rules' },
};

function KindPlan({ of: kind }: { of: SimulatedKind }) {
  const { decision, sentence, message, deliveries, code, detail } = kind;
  const { tone, text } = decisions[decision];
  return (
    <>
      <div class="row spread">
        <strong>{kindName(kind.kind)}</strong>
        <span class="row">
          {kind.paused && <Badge tone="warn">paused at present</Badge>}
          <Badge tone={tone}>{text}</Badge>
        </span>
      </div>
      <p>{sentence}</p>
      <p class="muted small">
        <code>{code}</code>
        {because(kind)}
        {deliveries > 1 && ` · to ${deliveries} addresses`}
      </p>
      {detail !== null && <p class="note warn small">{detail}</p>}
      {message !== null && <Message kind={kind.kind} message={message} />}
    </>
  );
}

function because({ preference, quiet }: SimulatedKind): string {
  const parts: string[] = [];
  if (preference !== null) parts.push(`wanted or not: ${preference.layer.replaceAll('_', ' ')}`);
  if (quiet?.window != null) parts.push(`quiet hours ${windowText(quiet.window)}`);
  if (quiet?.local_time != null) parts.push(`where it is ${quiet.local_time}`);
  return parts.map((part) => ` · ${part}`).join('');
}

function Message({ kind, message }: { kind: string; message: NonNullable<SimulatedKind['message']> }) {
  const isPage = /<html[\s>]/i.test(message.html);
  return (
    <details class="message">
      <summary>{message.title}</summary>
      {isPage ? (
        <MailFrame html={message.html} title={`Mail: ${message.title}`} />
      ) : kind === 'sms' || kind === 'phone_call' ? (
        <p class="pre">{message.text}</p>
      ) : (
        <SafeHtml html={message.html} />
      )}
    </details>
  );
}

function RulesPlan({ rules }: { rules: NonNullable<SimulatedRecipient['rules']> }) {
  return (
    <section class="stack tight">
      <h3>Step by step, as long as nobody reads it ({rules.list} list)</h3>
      <ol class="plan-steps">
        {rules.steps.map((step, index) => (
          <li key={index}>{step.sentence}</li>
        ))}
      </ol>
    </section>
  );
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** "Sunday 22 Nov, 03:00" on the wall of a zone. */
export function timeText(at: string, zone: string): string {
  const wall = wallAt(new Date(at), zone);
  const day = new Date(`${wall}:00Z`);
  const month = day.toLocaleString('en-GB', { month: 'short', timeZone: 'UTC' });
  return `${weekdays[day.getUTCDay()] ?? ''} ${day.getUTCDate()} ${month}, ${wall.slice(11)}`;
}
