import type {
  AdminCall,
  Call,
  Caller,
  HeldKeepAlive,
  Reply,
  Respond,
  RespondKeepAlive,
} from '../../../src/service/call.js';
import type { OutgoingBackup } from '../../../src/service/backups.js';
import { refusal } from '../../../src/wire/errors.js';
import type { ServedCell } from '../../../src/rpc/served-cell.js';
import type {
  Failure,
  GetMasterRequest,
  GetMasterResponse,
  GetStatusResponse,
  KeepAliveRequest,
  ListHistoryResponse,
  SetContentsResponse,
} from '../../../src/wire/types.js';

export interface MadeCall {
  readonly caller: Caller;
  readonly call: Call;
  readonly respond: Respond;
}

export interface MadeKeepAlive {
  readonly caller: Caller;
  readonly request: KeepAliveRequest;
  readonly respond: RespondKeepAlive;
  withdrawn: boolean;
}

/** A service in memory: remembers every call, and answers as the test says, at once or never. */
export class FakeCell implements ServedCell {
  readonly calls: MadeCall[] = [];
  readonly keepAlives: MadeKeepAlive[] = [];
  readonly adminCalls: { readonly caller: Caller; readonly call: AdminCall }[] = [];
  adminReply: Reply = { response: {} };
  /** What a call is answered at once; nothing lets the test answer later. */
  answer: (call: Call) => Reply | undefined = () => undefined;

  call(caller: Caller, call: Call, respond: Respond): void {
    this.calls.push({ caller, call, respond });
    const reply = this.answer(call);
    if (reply !== undefined) respond(reply);
  }

  admin(caller: Caller, call: AdminCall, respond: Respond): void {
    this.adminCalls.push({ caller, call });
    respond(this.adminReply);
  }

  /** What a backup is answered with. */
  backupReply: OutgoingBackup | Failure = refusal('NOT_MASTER', 'there is none here');

  backup(): OutgoingBackup | Failure {
    return this.backupReply;
  }

  keepAlive(caller: Caller, request: KeepAliveRequest, respond: RespondKeepAlive): HeldKeepAlive {
    const made: MadeKeepAlive = { caller, request, respond, withdrawn: false };
    this.keepAlives.push(made);
    return { withdraw: () => (made.withdrawn = true) };
  }

  locateMaster(_request: GetMasterRequest, answer: (location: GetMasterResponse) => void): void {
    answer(this.masterLocation());
  }

  masterLocation(): GetMasterResponse {
    return {
      cell: 'test',
      cellId: Buffer.alloc(16, 1),
      replicas: [{ id: 1, address: 'a:1' }],
      signingKeys: [],
      spreadMs: 0,
    };
  }

  history(): ListHistoryResponse {
    return { entries: [] };
  }

  status(): GetStatusResponse {
    return {
      cell: 'test',
      cellId: Buffer.alloc(16, 1),
      replicaId: 1,
      incarnation: Buffer.alloc(8, 2),
      role: 'REPLICA_ROLE_FOLLOWER',
      voter: true,
      epoch: '1.1',
      chosen: 7,
      applied: 6,
      pid: 42,
      version: '0.0.0',
      waitingFor: [],
      entries: 3,
      digest: Buffer.alloc(8, 3),
    };
  }
}

export const written = (revision: number): { readonly response: SetContentsResponse } => ({
  response: {
    stat: {
      kind: 'NODE_KIND_FILE',
      ephemeral: false,
      instanceNumber: 1,
      contentGeneration: 2,
      lockGeneration: 0,
      aclGeneration: 0,
      contentChecksum: Buffer.alloc(8, 9),
      revision,
      lengthBytes: 5,
      childCount: 0,
      acl: { read: '', write: '', changeAcl: '' },
    },
  },
});

/** An answer that nobody can make bytes of. */
export const unencodable: SetContentsResponse = {
  get stat(): never {
    throw new Error('secret of the house');
  },
};
