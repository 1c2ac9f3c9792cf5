import { everybody } from '../rights.ts';

/**
 * People, with a token that may set what they are told. OnCall refuses its service accounts here, which have no rules
 * of their own; so are users that are programs.
 */
export const people = { ...everybody('preferences'), roles: ['admin', 'member'] } as const;
