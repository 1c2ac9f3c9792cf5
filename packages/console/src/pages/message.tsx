import { useState } from 'preact/hooks';
import { MailFrame } from '../rendered/mail-frame.tsx';
import { JsonBlock } from '../ui/copyable.tsx';
import { Tabs } from '../ui/tabs.tsx';

/** A message as it was handed over, or would have been. */
export interface MessageParts {
  title: string;
  text: string;
  /** Empty for kinds that send none. */
  html: string;
  /** What machine-readable kinds send. */
  notification: unknown;
}

const names = { html: 'As a mail', text: 'Plain text', data: 'For machines' } as const;
type Part = keyof typeof names;

/** A message in each of its forms. */
export function Message({ message }: { message: MessageParts }) {
  const { title, text, html, notification } = message;
  const parts: Part[] = [...(html === '' ? [] : (['html'] as const)), 'text', 'data'];
  const [part, setPart] = useState<Part>(parts[0] ?? 'text');
  return (
    <div class="stack tight">
      <h3>{title}</h3>
      <Tabs
        label="Forms of the message"
        tabs={parts.map((value) => ({ value, label: names[value] }))}
        value={part}
        onValue={setPart}
      >
        {part === 'html' && <MailFrame html={html} title={`Mail: ${title}`} />}
        {part === 'text' && <pre class="block">{text}</pre>}
        {part === 'data' && <JsonBlock value={notification} label="What machines get" />}
      </Tabs>
    </div>
  );
}
