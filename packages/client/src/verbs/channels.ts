import type { Call, CallOptions } from '../call.ts';
import type { Body } from '../wire.ts';

/** Ways to reach people that this installation knows, with what each asks for. */
export function channelKindVerbs(call: Call) {
  return { list: (options?: CallOptions) => call('listChannelKinds', {}, options) };
}

/** Ways to reach people as the organization has set them up. */
export function channelVerbs(call: Call) {
  return {
    /** A secret that Carillon makes is in this answer and never again. */
    create: (body: Body<'createChannel'>, options?: CallOptions) => call('createChannel', { body }, options),
    list: (options?: CallOptions) => call('listChannels', {}, options),
    get: (id: string, options?: CallOptions) => call('getChannel', { params: { id } }, options),
    update: (id: string, body: Body<'updateChannel'>, options?: CallOptions) =>
      call('updateChannel', { params: { id }, body }, options),
    delete: (id: string, options?: CallOptions) => call('deleteChannel', { params: { id } }, options),
    /** What is to be sent through it waits until it is resumed. */
    pause: (id: string, options?: CallOptions) => call('pauseChannel', { params: { id } }, options),
    resume: (id: string, options?: CallOptions) => call('resumeChannel', { params: { id } }, options),
    /** Sends a test message now and resolves when the target took it. */
    test: (id: string, body: Body<'testChannel'> = {}, options?: CallOptions) =>
      call('testChannel', { params: { id }, body }, options),
  };
}
