/** A template that comes with Carillon: every organization gets it, with the same id, and may change its texts. */
export interface SystemTemplate {
  /** The same in every organization. */
  id: string;
  key: string;
  name: string;
  /** `system`: told by what happens; `custom`: sent by people. */
  source: 'system' | 'custom';
  /** Heading that a list of templates puts it under. */
  group: string;
  category: string;
  /** Null means as its category says. */
  defaultEnabled: boolean | null;
  /** Handlebars, with variables `labels.…`. */
  title: string;
  /** Handlebars in Markdown. */
  body: string;
  /** Handlebars in both texts. */
  actions: readonly { label: string; url: string }[];
  /** Every variable that the texts read. */
  sampleData: Record<string, unknown>;
}
