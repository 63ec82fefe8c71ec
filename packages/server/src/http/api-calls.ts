import type { ErrorCode } from '@carryon/protocol'
import type { z } from 'zod'
import * as answers from './answer-schemas.js'
import {
  accessBody,
  batchBody,
  completeBody,
  linkBody,
  listQuery,
  objectQuery,
  openBody,
  renameBody,
} from './request-schemas.js'

/** Schemas of bodies and of their parts, by their names in the API description. */
export const schemas = {
  Upload: answers.upload,
  StoredPart: answers.storedPart,
  AccessGrant: answers.access,
  Problem: answers.problem,
  OpenBody: openBody,
  OpenedUpload: answers.opened,
  DuplicatesFound: answers.duplicatesFound,
  AccessBody: accessBody,
  AccessAnswer: answers.renewedAccess,
  CompleteRequest: completeBody,
  UploadAnswer: answers.uploadAnswer,
  PartsAnswer: answers.partsAnswer,
  UploadPage: answers.uploadPage,
  BatchBody: batchBody,
  BatchedAnswers: answers.batchedAnswers,
  LimitsAnswer: answers.limitsAnswer,
  UploadReceipt: answers.receipt,
  RenameBody: renameBody,
  LinkBody: linkBody,
  LinkAnswer: answers.linkAnswer,
  StsAnswer: answers.stsAnswer,
  Health: answers.health,
} as const

export type SchemaName = keyof typeof schemas

export interface CallAnswer {
  readonly description: string
  /** Schema of the JSON body; several: one of them. Absent: no body. */
  readonly body?: SchemaName | readonly SchemaName[]
}

export interface ApiCall {
  readonly summary: string
  readonly body?: SchemaName
  /** Query parameters. */
  readonly query?: Readonly<Record<string, z.ZodType>>
  /** Answers by status. */
  readonly answers: Readonly<Record<number, CallAnswer>>
  /** Errors beyond those that every call may be answered. */
  readonly refusals?: readonly ErrorCode[]
  /** Whether the call needs no owner. */
  readonly open?: boolean
}

const opened = ['OpenedUpload', 'DuplicatesFound'] as const
const storeCodes = ['store-unavailable', 'store-denied', 'store-full', 'sts-unavailable'] as const
const whereItIs = {
  200: { description: 'The upload is done.', body: 'UploadAnswer' },
  202: {
    description: 'The store is still joining the parts. Repeat the request with the same body.',
    body: 'UploadAnswer',
  },
} as const

/** Every call of docs/api.md by path and method, with its requests and answers. */
export const apiCalls: Readonly<Record<string, Readonly<Record<string, ApiCall>>>> = {
  '/api/uploads': {
    post: {
      summary: 'Open an upload, or find the open one of this content',
      body: 'OpenBody',
      answers: {
        200: {
          description:
            'An open upload was found; or, with unlessDone, nothing was opened, because these finished uploads may have the same content.',
          body: opened,
        },
        201: { description: 'Opened.', body: 'OpenedUpload' },
      },
      refusals: ['forbidden', 'too-large', 'too-many-requests', ...storeCodes],
    },
    get: {
      summary: "List this owner's uploads, newest first",
      query: listQuery.shape,
      answers: { 200: { description: 'A page of uploads, without their partRuns.', body: 'UploadPage' } },
    },
  },
  '/api/uploads/batch': {
    post: {
      summary: 'Open and complete several small files',
      body: 'BatchBody',
      answers: {
        200: {
          description: 'One answer per item, in the order of the request, as a single call would return it.',
          body: 'BatchedAnswers',
        },
      },
      refusals: ['too-large', 'too-many-requests'],
    },
  },
  '/api/uploads/{id}': {
    get: {
      summary: 'Show one upload',
      answers: { 200: { description: 'The upload.', body: 'UploadAnswer' } },
      refusals: ['not-found'],
    },
    patch: {
      summary: 'Rename a finished upload',
      body: 'RenameBody',
      answers: { 200: { description: 'The upload with its new name.', body: 'UploadAnswer' } },
      refusals: ['not-found'],
    },
    delete: {
      summary: 'Cancel an upload that is not done',
      answers: { 204: { description: 'Cancelled. The store holds nothing of it.' } },
      refusals: ['not-found', 'already-done', ...storeCodes],
    },
  },
  '/api/uploads/{id}/access': {
    post: {
      summary: 'Renew the access grant',
      body: 'AccessBody',
      answers: { 200: { description: 'The access grant.', body: 'AccessAnswer' } },
      refusals: ['not-found', 'already-done', 'upload-gone', 'too-many-requests', ...storeCodes],
    },
  },
  '/api/uploads/{id}/parts': {
    get: {
      summary: 'List the parts that the store holds',
      answers: { 200: { description: 'The parts, in ascending order.', body: 'PartsAnswer' } },
      refusals: ['not-found', 'already-done', 'upload-gone', ...storeCodes],
    },
  },
  '/api/uploads/{id}/complete': {
    post: {
      summary: 'Join the parts in the store, and verify the object',
      body: 'CompleteRequest',
      answers: whereItIs,
      refusals: [
        'not-found',
        'forbidden',
        'too-large',
        'parts-mismatch',
        'checksum-mismatch',
        'upload-gone',
        ...storeCodes,
      ],
    },
  },
  '/api/uploads/{id}/object': {
    get: {
      summary:
        'Download or show the object, as its owner or with a signed link. If the request accepts HTML, a refusal is an HTML page',
      query: objectQuery.shape,
      answers: { 302: { description: 'Redirects to the object in the store.' } },
      refusals: ['not-found', 'link-expired'],
    },
    delete: {
      summary: 'Remove a finished upload, with its object',
      answers: { 204: { description: 'Removed, or already gone.' } },
      refusals: ['not-found', 'forbidden', ...storeCodes],
    },
  },
  '/api/uploads/{id}/receipt': {
    get: {
      summary: 'Show the receipt of a finished upload, to check a copy against',
      answers: { 200: { description: 'The receipt.', body: 'UploadReceipt' } },
      refusals: ['not-found'],
    },
  },
  '/api/uploads/{id}/link': {
    post: {
      summary: 'Create a link that works for everybody until it expires',
      body: 'LinkBody',
      answers: { 200: { description: 'The link.', body: 'LinkAnswer' } },
      refusals: ['not-found', 'forbidden', 'too-many-requests'],
    },
  },
  '/api/limits': {
    get: {
      summary: 'Show what the caller may upload, and what is left of it',
      answers: { 200: { description: 'The limits; null means no limit.', body: 'LimitsAnswer' } },
      refusals: ['too-many-requests'],
    },
  },
  '/sts': {
    get: {
      summary:
        "Issue temporary credentials in the format that Tencent's SDKs expect from an application's server",
      answers: { 200: { description: 'Credentials for uploads below the prefix.', body: 'StsAnswer' } },
      refusals: ['not-found', 'too-many-requests', 'sts-unavailable', 'store-denied'],
    },
  },
  '/healthz': {
    get: {
      summary: 'Whether the database and the store answer',
      answers: {
        200: { description: 'Both answer.', body: 'Health' },
        503: { description: 'At least one does not answer.', body: 'Health' },
      },
      open: true,
    },
  },
  '/api/openapi.json': {
    get: {
      summary: 'This description',
      answers: { 200: { description: 'An OpenAPI 3.1 document.' } },
      open: true,
    },
  },
}
