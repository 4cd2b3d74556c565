import { showBallot } from '../paxos/ballot.js';
import { isVoter } from '../paxos/configuration.js';
import type { HeldKeepAlive, Respond, RespondKeepAlive } from '../service/call.js';
import type { ChubbyService } from '../service/chubby-service.js';
import { refusal } from '../wire/errors.js';
import { ReplicaRole } from '../wire/types.js';
import type { GetMasterResponse, GetStatusResponse } from '../wire/types.js';
import { CELL_NAME } from './test-replica.js';
import type { ReplicaLife, TestReplica } from './test-replica.js';

const NO_BYTES = Buffer.alloc(0);
const UNBORN = { failure: refusal('NOT_MASTER', 'the replica reads its log') };
const NOTHING_HELD: HeldKeepAlive = { withdraw: () => undefined };

type Service = Pick<ChubbyService, 'call' | 'admin' | 'keepAlive'>;

/** Stands in for the service of a replica that has none yet. */
const NO_SERVICE: Service = {
  call: (_caller, _call, respond: Respond) => respond(UNBORN),
  admin: (_caller, _call, respond: Respond) => respond(UNBORN),
  keepAlive: (_caller, _request, respond: RespondKeepAlive) => {
    respond(UNBORN);
    return NOTHING_HELD;
  },
};

export const serviceAt = ({ service }: ReplicaLife): Service => service ?? NO_SERVICE;

/** What the replica answers to GetMaster. */
export const locationAt = ({ service }: ReplicaLife, { addresses }: TestReplica): GetMasterResponse =>
  service?.masterLocation() ?? {
    cell: CELL_NAME,
    cellId: NO_BYTES,
    replicas: [...addresses],
    signingKeys: [],
    spreadMs: 0,
  };

/** What the replica answers to GetStatus. */
export function statusAt({ replica, service }: ReplicaLife, { id, addresses }: TestReplica): GetStatusResponse {
  const { self, cellId, node, waitingFor } = replica.status();
  const state = service?.status();
  const reign = replica.reign();
  const epoch = reign ?? state?.epoch;
  const master = addresses.find((address) => address.id === replica.master());
  return {
    cell: CELL_NAME,
    cellId: Buffer.from(cellId ?? '', 'hex'),
    replicaId: id,
    incarnation: Buffer.from(self?.incarnation ?? '', 'hex'),
    role: reign === undefined ? ReplicaRole.REPLICA_ROLE_FOLLOWER : ReplicaRole.REPLICA_ROLE_MASTER,
    voter: node !== undefined && self !== undefined && isVoter(node.configuration, self),
    ...(master !== undefined && { master }),
    epoch: epoch === undefined ? '' : showBallot(epoch),
    chosen: node?.chosenUpTo ?? 0,
    applied: state?.applied ?? 0,
    pid: 0,
    version: '',
    waitingFor: [...waitingFor],
    entries: state?.entries ?? 0,
    digest: Buffer.from(state?.digest ?? '', 'hex'),
  };
}
