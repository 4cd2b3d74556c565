import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../printable.js';
import { UsageError } from '../usage-error.js';

export const verify = command({
  name: 'verify',
  summary: 'Compute anew what the files of a stopped replica say, and tell what is damaged',
  example: 'verify data/replica-1',
  positionals: { directory: { describe: "a replica's data directory, dataDir in its configuration" } },
  options: {},
  epilogue:
    'Needs no cell and changes nothing. It reads every record and every snapshot, and applies the log to the oldest ' +
    'snapshot, so that it takes as long as a restart, and room for a copy of the log among the temporary files. ' +
    'A replica with a damaged directory does not vote.',
  async run({ output }, { directory }) {
    const { verifyDirectory } = await import('../../offline/verify-directory.js');
    const found = await verifyDirectory(directory);
    if (found === undefined) throw new UsageError(`${directory} is no data directory of a replica`, 'verify');
    if (output.json) {
      await output.value(found);
    } else {
      const { replicaId, incarnation, cellId, log, snapshots, state, problems } = found;
      await output.line(`replica ${replicaId}/${incarnation} of ${cellId === null ? 'no cell yet' : `cell ${cellId}`}`);
      if (log !== null)
        await output.line(`log: slots ${log.firstSlot} to ${log.lastSlot}, chosen up to ${log.chosenUpTo}`);
      for (const { slot, stateBytes, problem } of snapshots) {
        await output.line(`snapshot of slot ${slot}: ${problem === null ? `sound, ${stateBytes} bytes` : 'damaged'}`);
      }
      if (state !== null) {
        await output.line(`state after slot ${state.slot}: ${state.entries} entries, digest ${state.digest}`);
      }
      for (const problem of problems) await output.line(`damaged: ${printable(problem)}`);
      if (problems.length === 0) await output.line('sound');
    }
    return found.problems.length === 0 ? EXIT.ok : EXIT.failed;
  },
});
