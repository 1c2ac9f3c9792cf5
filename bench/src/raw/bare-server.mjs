/**
 * The least that an HTTP service with a database can do: Express 5, express.json, a compiled AJV schema, one
 * INSERT per request, or one prepared query that an index serves. No authentication, no idempotency, no queue, no
 * delivery, nothing that keeps organizations apart.
 */
import { Ajv } from 'ajv';
import express from 'express';
import pg from 'pg';
import { countQuery, pageQuery } from '../coder/queries.mjs';

const inboxes = new pg.Pool({ connectionString: process.env['BENCH_INBOX_DATABASE_URL'] ?? '', max: 16 });
const pool = new pg.Pool({ connectionString: process.env['BENCH_DATABASE_URL'] ?? '', max: 16 });
/** @type {(body: unknown) => boolean} */
const isValid = new Ajv().compile({
  type: 'object',
  required: ['to', 'title'],
  additionalProperties: false,
  properties: {
    to: { type: 'array', minItems: 1, maxItems: 1000, items: { type: 'string', maxLength: 264 } },
    title: { type: 'string', minLength: 1, maxLength: 500 },
    body: { type: 'string', maxLength: 20_000 },
    category: { type: 'string', maxLength: 100 },
    data: { type: 'object' },
  },
});

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(express.json());
app.get('/readyz', (_request, response) => response.status(200).end());
app.post('/v1/notifications', async (request, response) => {
  const { body } = request;
  if (!isValid(body)) {
    response.status(400).end();
    return;
  }
  const { rows } = await pool.query(
    'insert into raw_rows (recipient_id, organization_id, title, body, data) values ($1, $1, $2, $3, $4) returning id',
    [body.to[0], body.title, body.body ?? '', body.data ?? {}],
  );
  response.status(202).json({ id: rows[0].id });
});
app.get('/inbox/:userId', async (request, response) => {
  const { rows } = await inboxes.query({ ...pageQuery, values: [request.params.userId] });
  response.json({ notifications: rows });
});
app.get('/inbox/:userId/count', async (request, response) => {
  const { rows } = await inboxes.query({ ...countQuery, values: [request.params.userId] });
  response.json(rows[0]);
});
const server = app.listen(Number(process.env['PORT']), '127.0.0.1');
server.keepAliveTimeout = 65_000;

process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => void Promise.all([pool.end(), inboxes.end()]));
});
