import type { OutgoingBackup } from '../service/backups.js';
import type { AdminCall, Call, Caller, HeldKeepAlive, Respond, RespondKeepAlive } from '../service/call.js';
import { refusal } from '../wire/errors.js';
import type {
  Failure,
  GetMasterRequest,
  GetMasterResponse,
  GetStatusResponse,
  KeepAliveRequest,
  ListHistoryRequest,
  ListHistoryResponse,
} from '../wire/types.js';
import type { IncomingCalls } from './incoming-calls.js';

/** What the client port needs of the service behind it. Nothing of it throws, but for a broken invariant. */
export interface ServedCell {
  call(caller: Caller, call: Call, respond: Respond): void;
  admin(caller: Caller, call: AdminCall, respond: Respond): void;
  backup(): OutgoingBackup | Failure;
  keepAlive(caller: Caller, request: KeepAliveRequest, respond: RespondKeepAlive): HeldKeepAlive;
  /** @param answer called once, possibly at once */
  locateMaster(request: GetMasterRequest, answer: (location: GetMasterResponse) => void): void;
  status(): GetStatusResponse;
  history(request: ListHistoryRequest): ListHistoryResponse;
}

/** What the adapters of the client port share. */
export interface ServerContext {
  readonly cell: ServedCell;
  readonly calls: IncomingCalls;
  /** Told of a broken invariant: grpc-js would swallow what a handler throws. Ends the process. */
  readonly fatal: (error: unknown) => void;
  /** Told of an answer that could not be sent: its call fails, the process goes on. */
  readonly unsent: (error: unknown) => void;
}

/** What is said instead of an answer that cannot be sent. */
export const UNSENDABLE = refusal('UNKNOWN_OUTCOME', 'the answer cannot be sent');
