/** Begins a body; also for users without a name. */
export const greeting = 'Hi {{default user.name user.username "there"}},';

/** Ends a body by a paragraph of its own, where the sender gives a reason. */
export const reason = `{{#if labels.reason}}

Reason: {{labels.reason}}{{/if}}`;

/**
 * What an address begins with: the site that the sender names in `labels.base_url`, else nothing, so that it is a
 * path of the page that shows the notification.
 */
export const site = '{{default labels.base_url ""}}';

/** The page of a workspace: that of `labels.owner` (a username), else of the reader. */
export const workspaceUrl = `${site}/@{{default labels.owner user.username "me"}}/{{labels.workspace}}`;
