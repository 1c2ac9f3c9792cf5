import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '../../../../test/test-api.ts';
import { setGraphqlStage, type GraphqlStage } from '../../../../test/graphql-stage.ts';

let stage: GraphqlStage;
beforeAll(async () => {
  stage = await setGraphqlStage();
});
afterAll(() => stage.stop());

const run = (query: string, variables: Record<string, unknown> = {}, as: Actor = stage.admin) =>
  stage.ask(query, { as, variables });

/** What REST tells of rows, by their ids. */
async function rowsOf(ids: readonly (string | number)[], fields = 'id,subject,status') {
  const path = `/notifications?filter[id][_in]=${ids.join(',')}&sort=id&fields=${fields}`;
  return (await stage.send('GET', path, { as: stage.admin })).body.data;
}

describe('creating', () => {
  it('runs the example of the document: the recipient as a text, told as one', async () => {
    const { id } = stage.member;
    const told = await run(`mutation {
      create_notifications_item(data: { recipient: "${id.toUpperCase()}", subject: "Hi there!" }) { id recipient } }`);
    expect(told).toEqual({
      status: 200,
      body: { data: { create_notifications_item: { id: expect.stringMatching(/^\d+$/), recipient: id } } },
    });
  });

  it.each([
    { name: 'a text', value: (id: string) => id },
    { name: 'an object with its id', value: (id: string) => ({ id }) },
  ])('takes recipient and sender as $name in variables, of the SDK too', async ({ value }) => {
    const { member, other } = stage;
    const query = `mutation($data: create_directus_notifications_input!) {
      create_notifications_item(data: $data) { recipient { id } sender } }`;
    const data = { subject: 'Hi', recipient: value(member.id), sender: value(other.id) };
    const told = await stage.sdk(stage.admin).query(query, { data }, 'system');
    expect(told).toEqual({
      create_notifications_item: { recipient: { id: member.id }, sender: other.id },
    });
  });

  it('takes the object in the text of a document as well', async () => {
    const { id } = stage.member;
    const { body } = await run(
      `mutation { create_notifications_item(data: { recipient: { id: "${id}" }, subject: "Hi" }) { recipient } }`,
    );
    expect(body).toEqual({ data: { create_notifications_item: { recipient: id } } });
  });

  it('creates several in their order, and all values of a row', async () => {
    const { member, other } = stage;
    const data = [
      {
        recipient: member.id,
        subject: 'B',
        message: '*b*',
        collection: 'articles',
        item: '9',
        status: 'archived',
      },
      { recipient: { id: other.id }, subject: 'A', sender: member.id },
    ];
    const { body } = await run(
      `mutation($data: [create_directus_notifications_input!]) { create_notifications_items(data: $data) {
        subject message collection item status recipient sender timestamp } }`,
      { data },
    );
    const timestamp = expect.stringMatching(/Z$/);
    expect(body.data.create_notifications_items).toEqual([
      { ...data[0], recipient: member.id, sender: null, timestamp },
      {
        ...{ ...data[1], recipient: other.id, sender: member.id, timestamp },
        ...{ message: null, collection: null, item: null, status: 'inbox' },
      },
    ]);
  });

  it('is listed at once, for the recipient and over REST', async () => {
    const { body } = await run(
      `mutation { create_notifications_item(data: { recipient: "${stage.other.id}", subject: "Now" }) { id } }`,
    );
    const id = body.data.create_notifications_item.id;
    const listed = await run(`{ notifications_by_id(id: ${id}) { subject } }`, {}, stage.other);
    expect(listed.body).toEqual({ data: { notifications_by_id: { subject: 'Now' } } });
    expect(await rowsOf([id])).toEqual([{ id: Number(id), subject: 'Now', status: 'inbox' }]);
  });

  it('creates all or none', async () => {
    const before = (await run('{ notifications_aggregated { countAll } }')).body;
    const unknown = '01981c5e-8f00-7000-8000-0000000000ff';
    const data = [stage.member.id, unknown].map((recipient) => ({ recipient, subject: 'x' }));
    const query = `mutation($data: [create_directus_notifications_input!]) {
      create_notifications_items(data: $data) { id } }`;
    const { status, body } = await run(query, { data });
    expect({ status, data: body.data }).toEqual({ status: 200, data: undefined });
    expect(body.errors).toMatchObject([
      { extensions: { code: 'INVALID_FOREIGN_KEY', field: 'recipient', value: unknown } },
    ]);
    expect((await run('{ notifications_aggregated { countAll } }')).body).toEqual(before);
  });

  it('writes nothing that its own arguments keep from being told', async () => {
    const query = `mutation { create_notifications_items(filter: { id: { _eq: "x" } },
      data: [{ recipient: "${stage.member.id}", subject: "unreadable" }]) { id } }`;
    expect((await run(query)).body.errors).toMatchObject([{ extensions: { code: 'INVALID_QUERY' } }]);
    const found = await run('{ notifications(filter: { subject: { _eq: "unreadable" } }) { id } }');
    expect(found.body).toEqual({ data: { notifications: [] } });
  });
});

describe('updating', () => {
  it('changes one by id, and moves it to another recipient by either form', async () => {
    const { member, other } = stage;
    const id = await stage.notify(member, { subject: 'Old' });
    const query = `mutation($id: ID!, $data: update_directus_notifications_input!) {
      update_notifications_item(id: $id, data: $data) { id subject status recipient } }`;
    const changed = await run(query, { id, data: { subject: 'New', status: 'archived', id: 999 } });
    const told = { id: String(id), subject: 'New', status: 'archived', recipient: member.id };
    expect(changed.body).toEqual({ data: { update_notifications_item: told } });
    for (const recipient of [{ id: other.id }, member.id]) {
      const { body } = await run(query, { id, data: { recipient } });
      const now = typeof recipient === 'string' ? recipient : recipient.id;
      expect(body).toEqual({ data: { update_notifications_item: { ...told, recipient: now } } });
    }
  });

  it('changes several alike, those that there are, in the order of their ids', async () => {
    const [first, second] = [await stage.notify(stage.member), await stage.notify(stage.other)];
    const { body } = await run(
      `mutation($ids: [ID]!) { update_notifications_items(ids: $ids, data: { message: "Updated!" }) { id message } }`,
      { ids: [second, '99999', String(first)] },
    );
    const message = 'Updated!';
    expect(body.data.update_notifications_items).toEqual([
      { id: String(first), message },
      { id: String(second), message },
    ]);
  });

  it('changes each of a batch by its own values', async () => {
    const [first, second] = [await stage.notify(stage.member), await stage.notify(stage.other)];
    const data = [
      { id: first, subject: 'One' },
      { id: String(second), subject: 'Two', status: 'archived' },
      { id: 99_999, subject: 'Nobody' },
    ];
    const { body } = await run(
      `mutation($data: [update_directus_notifications_input!]) {
        update_notifications_batch(data: $data, sort: ["-id"]) { subject } }`,
      { data },
    );
    expect(body.data.update_notifications_batch).toEqual([{ subject: 'Two' }, { subject: 'One' }]);
    expect(await rowsOf([first, second])).toMatchObject([
      { subject: 'One', status: 'inbox' },
      { subject: 'Two', status: 'archived' },
    ]);
  });

  it('lets members change the status of what is theirs, and nothing when one is not', async () => {
    const [own, foreign] = [await stage.notify(stage.member), await stage.notify(stage.other)];
    const query = `mutation($ids: [ID]!) { update_notifications_items(ids: $ids, data: { status: "archived" }) { id } }`;
    const refused = await run(query, { ids: [own, foreign] }, stage.member);
    expect(refused.body).toEqual({
      errors: [expect.objectContaining({ path: ['update_notifications_items'] })],
    });
    expect(await rowsOf([own, foreign])).toMatchObject([{ status: 'inbox' }, { status: 'inbox' }]);
    const { body } = await run(query, { ids: [own] }, stage.member);
    expect(body).toEqual({ data: { update_notifications_items: [{ id: String(own) }] } });
    expect(await rowsOf([own])).toMatchObject([{ status: 'archived' }]);
  });
});

describe('deleting', () => {
  it('echoes the ids as texts, also of what was never there', async () => {
    const [first, second] = [await stage.notify(stage.member), await stage.notify(stage.member)];
    const { body } = await run(
      `mutation { delete_notifications_item(id: ${first}) { id }
        delete_notifications_items(ids: [${second}, 99999, "${first}"]) { ids } }`,
    );
    expect(body).toEqual({
      data: {
        delete_notifications_item: { id: String(first) },
        delete_notifications_items: { ids: [String(second), '99999', String(first)] },
      },
    });
    expect(await rowsOf([first, second])).toEqual([]);
  });

  it('leaves what another organization has', async () => {
    const id = await stage.notify(stage.member);
    const { body } = await run(
      `mutation { delete_notifications_item(id: ${id}) { id } }`,
      {},
      stage.stranger,
    );
    expect(body).toEqual({ data: { delete_notifications_item: { id: String(id) } } });
    expect(await rowsOf([id])).toHaveLength(1);
  });
});

describe('several mutations in one document', () => {
  it('happen one after the other, and one that fails keeps none from happening', async () => {
    const id = await stage.notify(stage.member);
    const set = (subject: string) =>
      `update_notifications_item(id: ${id}, data: { subject: "${subject}" }) { subject }`;
    const { body } = await run(
      `mutation { a: ${set('A')} no: update_notifications_item(id: 99999, data: {}) { id } b: ${set('B')} }`,
    );
    expect(body.data).toEqual({ a: { subject: 'A' }, no: null, b: { subject: 'B' } });
    expect(body.errors).toMatchObject([{ path: ['no'], extensions: { code: 'FORBIDDEN' } }]);
    expect(await rowsOf([id])).toMatchObject([{ subject: 'B' }]);
  });
});
