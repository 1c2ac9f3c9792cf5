import type { Call, CallOptions } from '../call.ts';
import { listPages } from '../pages.ts';
import type { Body, Query, TemplatePart } from '../wire.ts';

/** What notifications of one sort say, and how they are treated. A template is named by its key or id. */
export function templateVerbs(call: Call) {
  return {
    list: (query: Query<'listTemplates'> = {}, options?: CallOptions) =>
      listPages((cursor) =>
        call('listTemplates', { query: { ...query, ...(cursor !== undefined && { cursor }) } }, options),
      ),
    create: (body: Body<'createTemplate'>, options?: CallOptions) =>
      call('createTemplate', { body }, options),
    get: (template: string, options?: CallOptions) => call('getTemplate', { params: { template } }, options),
    update: (template: string, body: Body<'updateTemplate'>, options?: CallOptions) =>
      call('updateTemplate', { params: { template }, body }, options),
    delete: (template: string, options?: CallOptions) =>
      call('deleteTemplate', { params: { template } }, options),
    /** What is sent by it waits until it is resumed. */
    pause: (template: string, options?: CallOptions) =>
      call('pauseTemplate', { params: { template } }, options),
    resume: (template: string, options?: CallOptions) =>
      call('resumeTemplate', { params: { template } }, options),
    /** Rendered with sample data, for one channel kind; nothing is sent. */
    preview: (template: string, body: Body<'previewTemplate'>, options?: CallOptions) =>
      call('previewTemplate', { params: { template }, body }, options),
    /** Sends it to the caller. */
    testSend: (template: string, body: Body<'testSendTemplate'>, options?: CallOptions) =>
      call('testSendTemplate', { params: { template }, body }, options),
  };
}

/** The sources of a template, which never change once made. */
export function templateVersionVerbs(call: Call) {
  return {
    list: (template: string, query: Query<'listTemplateVersions'> = {}, options?: CallOptions) =>
      listPages((cursor) =>
        call(
          'listTemplateVersions',
          { params: { template }, query: { ...query, ...(cursor !== undefined && { cursor }) } },
          options,
        ),
      ),
    create: (template: string, body: Body<'createTemplateVersion'>, options?: CallOptions) =>
      call('createTemplateVersion', { params: { template }, body }, options),
    get: (template: string, version: number, options?: CallOptions) =>
      call('getTemplateVersion', { params: { template, version } }, options),
    /** From now on create calls use it. */
    publish: (template: string, version: number, options?: CallOptions) =>
      call('publishTemplateVersion', { params: { template, version } }, options),
  };
}

/** Partials and layouts. */
export function templatePartVerbs(call: Call) {
  return {
    list: (options?: CallOptions) => call('listTemplateParts', {}, options),
    get: (part: TemplatePart['part'], key: string, options?: CallOptions) =>
      call('getTemplatePart', { params: { part, key } }, options),
    put: (part: TemplatePart['part'], key: string, body: Body<'putTemplatePart'>, options?: CallOptions) =>
      call('putTemplatePart', { params: { part, key }, body }, options),
    delete: (part: TemplatePart['part'], key: string, options?: CallOptions) =>
      call('deleteTemplatePart', { params: { part, key } }, options),
  };
}
