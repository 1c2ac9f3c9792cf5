/** What can be paused, from the whole to the single: what comes first holds back more. */
export type PausedBy = 'organization' | 'template' | 'kind' | 'channel';
