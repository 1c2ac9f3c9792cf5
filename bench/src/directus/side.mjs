/**
 * One of the two that are compared: a running system with the same rows, asked in the same words.
 *
 * @typedef {object} Side
 * @property {string} url
 * @property {string} token of an administrator
 * @property {readonly string[]} recipientIds
 * @property {readonly number[]} pids its processes, without the database and Redis
 * @property {() => Promise<void>} settle resolves when everything that was accepted is done with
 * @property {() => Promise<number>} statements that PostgreSQL ran for it up to now
 * @property {() => Promise<Written>} written rows beside the notifications, since the last `tidy`
 * @property {() => Promise<void>} tidy removes what was created since the start
 * @property {() => Promise<void>} stop
 *
 * @typedef {Readonly<Record<string, number>>} Written rows by their table
 */

/** Rows of the list that is read, and among how many people they are spread evenly. */
export const rowCount = 100_000;
export const recipientCount = 100;

export const subject = 'Backup finished';
export const message = 'All **twelve** databases of the east region are safe, nothing has to be done.';
