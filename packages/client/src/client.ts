import { connect, type CarillonOptions } from './connect.ts';
import { operations } from './operations.ts';
import { channelKindVerbs, channelVerbs } from './verbs/channels.ts';
import {
  capturedVerbs,
  caughtMailVerbs,
  deadLetterVerbs,
  deliveryVerbs,
  pausedVerbs,
} from './verbs/deliveries.ts';
import { inboxVerbs } from './verbs/inbox.ts';
import { notificationVerbs } from './verbs/notifications.ts';
import { operationVerbs, organizationVerbs } from './verbs/organizations.ts';
import { categoryVerbs, preferenceVerbs, quietHoursVerbs, ruleVerbs } from './verbs/preferences.ts';
import { templatePartVerbs, templateVerbs, templateVersionVerbs } from './verbs/templates.ts';
import { contactPointVerbs, sessionVerbs, tokenVerbs, userVerbs } from './verbs/users.ts';

export type Carillon = ReturnType<typeof createCarillon>;

/**
 * A client of one Carillon API: a namespace for each noun, a verb for each call. Calls resolve with the body of
 * the answer and reject with a CarillonError. Calls that fail by chance (no connection, 408, 429, 5xx) are repeated
 * where a repeat does no harm, after `Retry-After` or with growing, random delays. Throws a TypeError for a URL
 * that is none.
 */
export function createCarillon(options: CarillonOptions) {
  const { call, hub } = connect(options, operations);
  return {
    notifications: notificationVerbs(call),
    inbox: inboxVerbs(call, hub),
    users: userVerbs(call),
    contactPoints: contactPointVerbs(call),
    tokens: tokenVerbs(call),
    sessions: sessionVerbs(call),
    preferences: preferenceVerbs(call),
    quietHours: quietHoursVerbs(call),
    rules: ruleVerbs(call),
    categories: categoryVerbs(call),
    templates: templateVerbs(call),
    templateVersions: templateVersionVerbs(call),
    templateParts: templatePartVerbs(call),
    channelKinds: channelKindVerbs(call),
    channels: channelVerbs(call),
    deliveries: deliveryVerbs(call),
    deadLetters: deadLetterVerbs(call),
    captured: capturedVerbs(call),
    caughtMails: caughtMailVerbs(call),
    paused: pausedVerbs(call),
    organizations: organizationVerbs(call),
    operation: operationVerbs(call),
  };
}
