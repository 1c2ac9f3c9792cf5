import type { Call, CallOptions } from '../call.ts';
import type { Body, Query } from '../wire.ts';

/** What a user wants to be told, and by which channel kinds. */
export function preferenceVerbs(call: Call) {
  return {
    list: (user: string, options?: CallOptions) => call('listPreferences', { params: { id: user } }, options),
    put: (user: string, body: Body<'putPreference'>, options?: CallOptions) =>
      call('putPreference', { params: { id: user }, body }, options),
    /** Up to 100: all of them or, if one is refused, none. */
    putMany: (user: string, body: Body<'putPreferences'>, options?: CallOptions) =>
      call('putPreferences', { params: { id: user }, body }, options),
    /** What follows from all of them, for each channel kind, and from which one. */
    effective: (user: string, query: Query<'getEffectivePreferences'> = {}, options?: CallOptions) =>
      call('getEffectivePreferences', { params: { id: user }, query }, options),
    delete: (user: string, id: string, options?: CallOptions) =>
      call('deletePreference', { params: { id: user, preference_id: id } }, options),
    putForTemplate: (user: string, body: Body<'putTemplatePreference'>, options?: CallOptions) =>
      call('putTemplatePreference', { params: { id: user }, body }, options),
    deleteForTemplate: (user: string, id: string, options?: CallOptions) =>
      call('deleteTemplatePreference', { params: { id: user, preference_id: id } }, options),
  };
}

/** The daily window in which what is not urgent waits. */
export function quietHoursVerbs(call: Call) {
  return {
    get: (user: string, options?: CallOptions) => call('getQuietHours', { params: { id: user } }, options),
    set: (user: string, body: Body<'setQuietHours'>, options?: CallOptions) =>
      call('setQuietHours', { params: { id: user }, body }, options),
    delete: (user: string, options?: CallOptions) =>
      call('deleteQuietHours', { params: { id: user } }, options),
    /** Nothing until then. */
    mute: (user: string, body: Body<'muteUser'>, options?: CallOptions) =>
      call('muteUser', { params: { id: user }, body }, options),
    unmute: (user: string, options?: CallOptions) => call('unmuteUser', { params: { id: user } }, options),
  };
}

/** In what order a user is notified, and how long is waited in between. */
export function ruleVerbs(call: Call) {
  return {
    get: (user: string, options?: CallOptions) => call('getRules', { params: { id: user } }, options),
    /** Replaces one list as a whole. */
    set: (user: string, body: Body<'setRules'>, options?: CallOptions) =>
      call('setRules', { params: { id: user }, body }, options),
    create: (user: string, body: Body<'createRule'>, options?: CallOptions) =>
      call('createRule', { params: { id: user }, body }, options),
    update: (user: string, id: string, body: Body<'updateRule'>, options?: CallOptions) =>
      call('updateRule', { params: { id: user, rule_id: id }, body }, options),
    delete: (user: string, id: string, options?: CallOptions) =>
      call('deleteRule', { params: { id: user, rule_id: id } }, options),
  };
}

/** What users can switch off. */
export function categoryVerbs(call: Call) {
  return {
    list: (options?: CallOptions) => call('listCategories', {}, options),
    put: (key: string, body: Body<'putCategory'>, options?: CallOptions) =>
      call('putCategory', { params: { key }, body }, options),
    delete: (key: string, options?: CallOptions) => call('deleteCategory', { params: { key } }, options),
  };
}
