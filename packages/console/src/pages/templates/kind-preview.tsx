import type { FunctionComponent } from 'preact';
import type { TemplatePreview } from '@carillon/client';
import { MailFrame } from '../../rendered/mail-frame.tsx';
import { SafeHtml } from '../../rendered/safe-html.tsx';
import { JsonBlock } from '../../ui/copyable.tsx';
import { Icon } from '../../ui/icon.tsx';

/** How a kind shows a message: some show it alike. */
const families: Readonly<Record<string, FunctionComponent<{ preview: TemplatePreview }>>> = {
  inbox: InboxItem,
  email: Mail,
  sms: TextMessage,
  phone_call: Call,
  mobile_app: Push,
  mobile_app_critical: Push,
  web_push: Push,
  webhook: Webhook,
};

/** A rendered message about as its reader sees it. Chats, and kinds that this console does not know, show it as a post. */
export function KindPreview({ kind, preview }: { kind: string; preview: TemplatePreview }) {
  const Family = families[kind] ?? Post;
  return <Family preview={preview} />;
}

function InboxItem({ preview: { title, html, actions } }: { preview: TemplatePreview }) {
  return (
    <div class="shown-inbox">
      <span class="shown-dot" aria-hidden="true" />
      <div class="stack tight">
        <strong>{title}</strong>
        <SafeHtml html={html} />
        <Actions actions={actions} />
        <span class="muted small">just now</span>
      </div>
    </div>
  );
}

function Mail({ preview: { title, html, page, actions } }: { preview: TemplatePreview }) {
  return (
    <div class="shown-mail">
      <p class="shown-subject">
        <span class="muted small">Subject</span>
        <strong>{title}</strong>
      </p>
      {page === null ? (
        <div class="shown-letter">
          <SafeHtml html={html} />
          <Actions actions={actions} />
        </div>
      ) : (
        <MailFrame html={page} title={`Mail: ${title}`} />
      )}
    </div>
  );
}

function Post({ preview: { title, html, actions } }: { preview: TemplatePreview }) {
  return (
    <div class="shown-post">
      <span class="shown-avatar" aria-hidden="true">
        <Icon name="bell" size={16} />
      </span>
      <div class="stack tight">
        <span class="small">
          <strong>Carillon</strong> <span class="muted">now</span>
        </span>
        <strong>{title}</strong>
        <SafeHtml html={html} />
        <Actions actions={actions} />
      </div>
    </div>
  );
}

function Push({ preview: { title, text } }: { preview: TemplatePreview }) {
  return (
    <div class="shown-push">
      <span class="muted small">Carillon · now</span>
      <strong>{title}</strong>
      <p class="shown-two-lines">{text}</p>
    </div>
  );
}

function TextMessage({ preview: { title, text } }: { preview: TemplatePreview }) {
  const message = [title, text].filter((part) => part !== '').join('\n');
  return (
    <div class="stack tight">
      <p class="shown-sms">{message}</p>
      <span class="muted small">
        {message.length} characters before it is cut to what an SMS may be charged as
      </span>
    </div>
  );
}

function Call({ preview: { title, text } }: { preview: TemplatePreview }) {
  return (
    <blockquote class="shown-call">
      <p>“{[title, text].filter((part) => part !== '').join('. ')}”</p>
      <footer class="muted small">as it is read out</footer>
    </blockquote>
  );
}

function Webhook({ preview: { title, body, html, actions, url, icon } }: { preview: TemplatePreview }) {
  return <JsonBlock value={{ title, body, html, actions, url, icon }} label="What a webhook is told" />;
}

function Actions({ actions }: { actions: TemplatePreview['actions'] }) {
  if (actions.length === 0) return null;
  return (
    <span class="row">
      {actions.map(({ label, url }, index) => (
        <span key={index} class="button shown-button" title={url}>
          {label}
        </span>
      ))}
    </span>
  );
}
