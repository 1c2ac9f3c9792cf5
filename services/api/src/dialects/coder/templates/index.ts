import type { SystemTemplate } from '@carillon/core';
import { accountTemplates } from './accounts.ts';
import { customTemplate, testTemplate } from './custom.ts';
import { templateTemplates } from './templates.ts';
import { workspaceTemplates } from './workspaces.ts';

/**
 * The templates whose ids Coder's clients know (Coder's documents and tests). The wording is ours, and so are the
 * names of most labels; `labels.custom_title` and `labels.custom_message` are Coder's.
 */
export const coderTemplates: readonly SystemTemplate[] = [
  ...workspaceTemplates,
  ...accountTemplates,
  ...templateTemplates,
  ...[customTemplate, testTemplate],
];

export { customTemplate, testTemplate };
