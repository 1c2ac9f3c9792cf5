/** What the person who started the local stack needs to know. */
export interface StackFacts {
  apiUrl: string;
  dataDir: string;
  logDir: string;
  operatorToken: string;
  /** Undefined in production, where there is no demo user. */
  demoToken: string | undefined;
  /** Where mails become files; undefined when SMTP_URL names a mail server. */
  mailDir: string | undefined;
  /** `embedded` servers are ours and end with us. */
  postgres: { origin: 'embedded'; port: number } | { origin: 'DATABASE_URL' };
  redis: { origin: 'embedded'; port: number } | { origin: 'REDIS_URL' };
  workers: number;
}

/** The screen once everything runs, as lines. Every command on it can be pasted as it stands. */
export function renderReady(facts: StackFacts): string {
  const { apiUrl, operatorToken, demoToken } = facts;
  const rows: [string, string][] = [
    ['Console', `${apiUrl}/console`],
    // What stands behind the # is never sent to a server, and so in no log.
    ...(demoToken === undefined
      ? []
      : [['Demo page', `${apiUrl}/demo#${demoToken}`] satisfies [string, string]]),
    ['Docs', `${apiUrl}/docs`],
    ['API', apiUrl],
    ['Command line', 'npx carillon help'],
    ['Operator token', operatorToken],
    ...(demoToken === undefined ? [] : [['Demo user token', demoToken] satisfies [string, string]]),
    [
      'Mails',
      facts.mailDir === undefined ? 'go to SMTP_URL' : `${facts.mailDir}/*.eml (none leaves this machine)`,
    ],
    ['PostgreSQL', serverOf(facts.postgres)],
    ['Redis', serverOf(facts.redis)],
    ['Workers', String(facts.workers)],
    ['Data, logs', `${facts.dataDir}, ${facts.logDir}`],
  ];
  const table = rows.map(([name, value]) => `  ${name.padEnd(16)} ${value}`);
  const tries = demoToken === undefined ? [] : firstSteps(apiUrl, operatorToken, demoToken);
  return [
    '',
    'Carillon is running.',
    '',
    ...table,
    ...tries,
    '',
    'Ctrl-C stops it; the data stays.',
    '',
  ].join('\n');
}

function firstSteps(apiUrl: string, operatorToken: string, demoToken: string): string[] {
  const body = JSON.stringify({ to: ['external:demo'], title: 'Hello', body: 'It works.' });
  return [
    '',
    "Watch the demo user's inbox in another terminal:",
    '',
    `  curl -N -H 'Authorization: Bearer ${demoToken}' ${apiUrl}/v1/inbox/stream`,
    '',
    'Send a notification to it:',
    '',
    `  curl -H 'Authorization: Bearer ${operatorToken}' -H 'Content-Type: application/json' -d '${body}' ${apiUrl}/v1/notifications`,
  ];
}

function serverOf(server: StackFacts['postgres'] | StackFacts['redis']): string {
  return server.origin === 'embedded' ? `embedded, 127.0.0.1:${server.port}` : `from ${server.origin}`;
}
