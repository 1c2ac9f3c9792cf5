import supertest from 'supertest';
import { makeAjv, Problem, problemKinds, v1Routes, type ProblemCode, type Route } from '@carillon/contracts';
import type { AccessTokenId, OrganizationId, Role, TokenScope, UserId } from '@carillon/core';
import {
  connectDatabase,
  insertAccessToken,
  insertOrganization,
  inTransaction,
  upsertUser,
  type ConnectedDatabase,
} from '@carillon/db';
import { createLog, createNewId, hashToken, loadConfig, newToken, tokenLookup } from '@carillon/runtime';
import { createTestDatabase, testRedisUrl } from '@carillon/testkit';
import { startApi } from '../src/start.ts';

/** A user of a test, with a token to call with. */
export interface Actor {
  id: UserId;
  organizationId: OrganizationId;
  token: string;
}

export interface Ask {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

/** As supertest gives it: tests look into it freely, for its shape was checked against the contract before. */
type Body = supertest.Response['body'];

export interface Answer {
  status: number;
  body: Body;
  text: string;
  headers: Record<string, string>;
}

/** The real API over HTTP, on a database of its own. */
export interface TestApi {
  url: string;
  databaseUrl: string;
  database: ConnectedDatabase;
  /** What the API logged so far, as JSON lines. */
  logged(): string;
  /** Calls the API. An answer that is not as its contract says fails the test. */
  ask(method: Route['method'], path: string, ask?: Ask): Promise<Answer>;
  makeOrganization(): Promise<OrganizationId>;
  makeUser(organizationId: OrganizationId, role: Role, scopes?: TokenScope[]): Promise<Actor>;
  /** Another token of a user, with limits. */
  makeToken(of: Actor, scopes: TokenScope[]): Promise<string>;
  /** The token of an operator that is no user of any organization. */
  makeOperator(): Promise<string>;
  stop(): Promise<void>;
}

const newId = createNewId();

export async function startTestApi(environment: Record<string, string> = {}): Promise<TestApi> {
  const testDatabase = await createTestDatabase();
  const lines: string[] = [];
  const log = createLog({
    ...{ service: 'api', version: 'test', level: 'debug' },
    destination: { write: (line) => void lines.push(line) },
  });
  const settings = {
    DATABASE_URL: testDatabase.url,
    REDIS_URL: testRedisUrl(),
    CARILLON_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    CARILLON_PUBLIC_URL: 'http://127.0.0.1:8080',
    CARILLON_PASSWORD_COST: '10',
    ...environment,
  };
  const running = await startApi({ ...loadConfig(settings), port: 0 }, log, settings);
  const listening = lines.map((line) => JSON.parse(line)).find((line) => line.event === 'api.listening');
  const url = `http://127.0.0.1:${listening.port}`;
  const database = connectDatabase({ url: testDatabase.url, log, name: 'test', poolMax: 2 });
  const { db } = database;

  async function insertToken(
    of: { id: UserId; organizationId: OrganizationId } | undefined,
    scopes: TokenScope[],
  ): Promise<string> {
    const token = newToken();
    await insertAccessToken(db, {
      ...{ id: newId() as AccessTokenId, organizationId: of?.organizationId ?? null, userId: of?.id ?? null },
      ...{ operator: of === undefined, name: '', lookup: tokenLookup(token), hash: hashToken(token), scopes },
      expiresInSeconds: undefined,
    });
    return token;
  }

  return {
    url,
    databaseUrl: testDatabase.url,
    database,
    logged: () => lines.join(''),
    async ask(method, path, { token, body, headers = {} } = {}) {
      const call = supertest(url)[lower(method)](path).set(headers);
      if (token !== undefined) call.set('Authorization', `Bearer ${token}`);
      const answer: Answer = await (body === undefined ? call : call.send(body as object));
      checkAnswer(method, path, answer);
      return answer;
    },
    async makeOrganization() {
      const id = newId() as OrganizationId;
      const slug = `o-${id.slice(-12)}`;
      await inTransaction(db, (tx) => insertOrganization(tx, { id, slug, name: slug, paused: false }));
      return id;
    },
    async makeUser(organizationId, role, scopes = []) {
      const id = newId() as UserId;
      const fields = { externalId: `${role}-${id}`, role };
      await inTransaction(db, (tx) => upsertUser(tx, { id, organizationId, fields }));
      return { id, organizationId, token: await insertToken({ id, organizationId }, scopes) };
    },
    makeToken: (of, scopes) => insertToken(of, scopes),
    makeOperator: () => insertToken(undefined, []),
    async stop() {
      await running.stop({ reason: 'signal', withinMs: 10_000 });
      await database.stop();
      await testDatabase.stop();
    },
  };
}

function lower(method: Route['method']): 'get' | 'post' | 'put' | 'patch' | 'delete' {
  return method.toLowerCase() as 'get';
}

// That the schemas are of their draft is tested once, with the routes themselves.
const ajv = makeAjv({ allErrors: true, validateSchema: false });
const isProblem = ajv.compile(Problem);

/** Throws when an answer is not what the contract of its call promises. */
function checkAnswer(method: string, path: string, answer: Answer): void {
  const [pathname = ''] = path.split('?');
  const route = v1Routes.find((one) => one.method === method && patternOf(one.path).test(pathname));
  const wrong = findWrong(route, answer);
  if (wrong !== undefined)
    throw new Error(`${method} ${pathname} → ${answer.status}: ${wrong}\n${answer.text}`);
}

function findWrong(route: Route | undefined, answer: Answer): string | undefined {
  if (answer.headers['x-request-id'] === undefined) return 'no X-Request-Id';
  const contract = route?.responses[answer.status];
  if (contract === undefined) {
    if (answer.status >= 400) return findWrongInProblem(answer);
    // The parts of the documents' pages are no calls of the API.
    return route === undefined ? undefined : 'not an answer of its contract';
  }
  const headers = Object.keys(contract.headers ?? {});
  const missing = headers.find((name) => answer.headers[name.toLowerCase()] === undefined);
  if (missing !== undefined) return `no header ${missing}`;
  if (contract.schema === undefined) return undefined;
  const isValid = ajv.compile(contract.schema);
  return isValid(answer.body) ? undefined : ajv.errorsText(isValid.errors);
}

function findWrongInProblem({ status, body }: Answer): string | undefined {
  if (!isProblem(body)) return ajv.errorsText(isProblem.errors);
  const kind = problemKinds[body.code as ProblemCode];
  return kind.status === status ? undefined : `${body.code} is a ${kind.status}`;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
