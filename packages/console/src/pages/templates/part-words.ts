import type { TemplatePart } from '@carillon/client';

export type PartName = TemplatePart['part'];

/** What people call the parts that templates share. */
export const partNames: Readonly<Record<PartName, string>> = {
  partial: 'Partial: a piece of text, named as {{> key}}',
  layout: 'Layout: around a text',
  mail_layout: 'Layout for mails: a whole page, in MJML',
};

/** What a new one begins with. */
export const partStarts: Readonly<Record<PartName, string>> = {
  partial: 'Yours, {{organization.name}}',
  layout: '{{> @content}}\n\n---\n\nYou get this from {{organization.name}}.',
  mail_layout: `<mjml>
  <mj-body background-color="#f4f5f7">
    <mj-section background-color="#ffffff">
      <mj-column>
        <mj-text font-size="20px">{{notification.title}}</mj-text>
        <mj-text>{{> @content}}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>`,
};

/** Of a path of the console; undefined for what is no part. */
export function toPartName(text: string | undefined): PartName | undefined {
  return text === 'partial' || text === 'layout' || text === 'mail_layout' ? text : undefined;
}
