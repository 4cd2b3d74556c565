import type { Fence, FencedLock } from './fence.js';
import { FencingError } from './fencing-error.js';
import type { FencingReason } from './fencing-error.js';

/** Of a request of node:http, and so of Express and its like. */
export interface FencedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Of a response of node:http. */
export interface FencedResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/** Where the sequencer stands, in base64, as the environment of `chubby lock` has it. */
export const SEQUENCER_HEADER = 'chubby-sequencer';

/** What the status of HTTP says of a reason: asked for a sequencer, a request that makes no sense, one too late. */
const STATUS: Readonly<Record<FencingReason, number>> = {
  MISSING: 428,
  MALFORMED: 400,
  OTHER_CELL: 403,
  UNKNOWN_KEY: 403,
  EXPIRED_KEY: 403,
  BAD_SIGNATURE: 403,
  OTHER_LOCK: 403,
  WRONG_MODE: 403,
  OUTDATED: 412,
};

const FENCED = new WeakMap<FencedRequest, FencedLock>();

/** What the middleware found in the header of a request that it let through. */
export const fencedLockOf = (request: FencedRequest): FencedLock | undefined => FENCED.get(request);

/**
 * Middleware in the manner of Express: lets requests through whose header `chubby-sequencer` the fence lets through, and
 * answers the others with a status and `{"reason", "message"}`. What the fence's store throws goes to `next`.
 *
 * The test is over before the handler begins. A handler whose write could be overtaken by that of a later holder calls
 * {@link Fence.inspect} within its transaction instead. A header holds what the HTTP server allows, 16 KiB in Node:
 * enough for all locks that a sequencer may have, or for ten of the longest names.
 */
export function fenceRequests(
  fence: Fence,
): (request: FencedRequest, response: FencedResponse, next: (error?: unknown) => void) => void {
  return (request, response, next) => {
    verified(fence, request).then(
      (fenced) => {
        FENCED.set(request, fenced);
        next();
      },
      (error: unknown) => {
        if (error instanceof FencingError) refuse(response, error);
        else next(error);
      },
    );
  };
}

async function verified(fence: Fence, { headers }: FencedRequest): Promise<FencedLock> {
  const header = headers[SEQUENCER_HEADER];
  if (header === undefined) throw new FencingError('MISSING', `the request has no header ${SEQUENCER_HEADER}`);
  if (typeof header !== 'string') throw new FencingError('MALFORMED', `${SEQUENCER_HEADER} stands there twice`);
  return fence.verify(Buffer.from(header, 'base64'));
}

function refuse(response: FencedResponse, { reason, message }: FencingError): void {
  response.statusCode = STATUS[reason];
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ reason, message }));
}
