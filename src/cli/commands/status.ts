import type { CellStatus, ReplicaStatus } from '../../client/index.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../printable.js';

/** A replica that takes longer is as good as unreachable, however long other commands may wait. */
const PATIENCE_MS = 2_000;

export const status = command({
  name: 'status',
  summary: 'Ask every replica how it is, and say how the cell is',
  example: 'status --cell 127.0.0.1:7101',
  positionals: {},
  options: {},
  async run({ client, output }, { timeoutMs }) {
    const cell = await client.status({ timeoutMs: Math.min(timeoutMs, PATIENCE_MS) });
    const { exitCode, verdict } = judge(cell);
    if (output.json) {
      await output.value(cell);
      return exitCode;
    }
    const { master, epoch } = cell;
    const reign = master === null ? 'no master' : `master ${master.id} at ${master.address}, epoch ${epoch ?? '-'}`;
    await output.line(`cell ${cell.cell ?? '-'}: ${reign}`);
    if (cell.cellId !== null) await output.line(`cell id ${cell.cellId}`);
    await output.table(
      ['ID', 'ADDRESS', 'ROLE', 'VOTER', 'CHOSEN', 'APPLIED', 'PID', 'INCARNATION'],
      cell.replicas.map((replica) => [
        replica.id,
        replica.address,
        replica.role,
        replica.voter === null ? null : replica.voter ? 'yes' : 'no',
        replica.chosen,
        replica.applied,
        replica.pid,
        replica.incarnation,
      ]),
    );
    for (const { id, address, failure } of cell.replicas) {
      if (failure !== null) await output.line(`${nameOf(id, address)}: ${printable(failure)}`);
    }
    await output.line(printable(verdict));
    return exitCode;
  },
});

/** How the cell is, as an exit code and in a sentence. */
export function judge({ replicas, master, lookUpFailure }: CellStatus): {
  readonly exitCode: number;
  readonly verdict: string;
} {
  const silent = replicas.filter(({ role }) => role === 'unreachable');
  if (silent.length === replicas.length) {
    const why = replicas.length === 0 && lookUpFailure !== null ? `: ${lookUpFailure}` : '';
    return { exitCode: EXIT.nobodyReachable, verdict: `no replica answers${why}` };
  }
  if (master === null) return { exitCode: EXIT.noMaster, verdict: 'the cell has no master: nothing is served' };
  const unwell = replicas.filter(({ role, voter }) => voter !== true || (role !== 'follower' && role !== 'master'));
  if (unwell.length === 0) return { exitCode: EXIT.ok, verdict: 'healthy' };
  return { exitCode: EXIT.failed, verdict: `serving, but degraded: ${unwell.map(complaint).join(', ')}` };
}

const nameOf = (id: number | null, address: string): string => (id === null ? address : `replica ${id}`);

function complaint({ id, address, role, voter }: ReplicaStatus): string {
  const who = nameOf(id, address);
  return voter === false ? `${who} does not vote` : `${who} is ${role}`;
}
