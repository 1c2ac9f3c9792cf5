import type { Call, CallOptions } from '../call.ts';
import { listPages } from '../pages.ts';
import type { Body, Query } from '../wire.ts';

/** People and programs. A user is named by id, by `me`, or by `external:<id in your own system>`. */
export function userVerbs(call: Call) {
  return {
    /** Made, or updated where the external id is known. */
    create: (body: Body<'createUser'>, options?: CallOptions) => call('createUser', { body }, options),
    /** Up to 500 by their external ids: a repeat changes nothing. */
    write: (body: Body<'writeUsers'>, options?: CallOptions) => call('writeUsers', { body }, options),
    list: (query: Query<'listUsers'> = {}, options?: CallOptions) =>
      listPages((cursor) =>
        call('listUsers', { query: { ...query, ...(cursor !== undefined && { cursor }) } }, options),
      ),
    get: (user: string, options?: CallOptions) => call('getUser', { params: { id: user } }, options),
    update: (user: string, body: Body<'updateUser'>, options?: CallOptions) =>
      call('updateUser', { params: { id: user }, body }, options),
    delete: (user: string, options?: CallOptions) => call('deleteUser', { params: { id: user } }, options),
    setPassword: (user: string, body: Body<'setPassword'>, options?: CallOptions) =>
      call('setPassword', { params: { id: user }, body }, options),
    deletePassword: (user: string, options?: CallOptions) =>
      call('deletePassword', { params: { id: user } }, options),
  };
}

/** Addresses of a user, one for each channel kind and device. */
export function contactPointVerbs(call: Call) {
  return {
    list: (user: string, options?: CallOptions) =>
      call('listContactPoints', { params: { id: user } }, options),
    create: (user: string, body: Body<'createContactPoint'>, options?: CallOptions) =>
      call('createContactPoint', { params: { id: user }, body }, options),
    /** With what a browser subscribes; its subscription, as JSON text, is the address of a contact point. */
    webPushKey: (options?: CallOptions) => call('getWebPushKey', {}, options),
    update: (user: string, id: string, body: Body<'updateContactPoint'>, options?: CallOptions) =>
      call('updateContactPoint', { params: { id: user, contact_point_id: id }, body }, options),
    delete: (user: string, id: string, options?: CallOptions) =>
      call('deleteContactPoint', { params: { id: user, contact_point_id: id } }, options),
  };
}

/** Credentials of a user. */
export function tokenVerbs(call: Call) {
  return {
    /** The token is in this answer and never again. */
    create: (user: string, body: Body<'createToken'> = {}, options?: CallOptions) =>
      call('createToken', { params: { id: user }, body }, options),
    list: (user: string, options?: CallOptions) => call('listTokens', { params: { id: user } }, options),
    revoke: (user: string, id: string, options?: CallOptions) =>
      call('revokeToken', { params: { id: user, token_id: id } }, options),
  };
}

/** Logging in with a password: for pages that people use. Programs have tokens. */
export function sessionVerbs(call: Call) {
  return {
    create: (body: Body<'createSession'>, options?: CallOptions) => call('createSession', { body }, options),
    /** Uses a refresh token up: the answer has the next one. */
    refresh: (body: Body<'refreshSession'>, options?: CallOptions) =>
      call('refreshSession', { body }, options),
    end: (body: Body<'endSession'>, options?: CallOptions) => call('endSession', { body }, options),
  };
}
