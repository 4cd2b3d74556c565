import { command } from '../command.js';
import { diagnose } from '../doctor/diagnose.js';
import { exitCodeOf } from '../doctor/diagnosis.js';
import { printable } from '../printable.js';

/** As with status: a replica that takes longer is as good as unreachable. */
const PATIENCE_MS = 2_000;

export const doctor = command({
  name: 'doctor',
  summary: 'Say how many more failures the cell survives, what is wrong with it, and what to do',
  example: 'doctor --cell 127.0.0.1:7101',
  positionals: {},
  options: {},
  epilogue:
    'Ends with 0 when there is nothing to do but notes, with 1 when there is. It asks every replica and changes nothing.',
  async run({ client, output }, { timeoutMs }) {
    const report = await client.report({ timeoutMs: Math.min(timeoutMs, PATIENCE_MS) });
    const diagnosis = diagnose(report);
    const exitCode = exitCodeOf(diagnosis);
    if (output.json) {
      await output.value({ cell: report.cell, cellId: report.cellId, master: report.master, ...diagnosis });
      return exitCode;
    }
    await output.line(printable(`cell ${report.cell ?? '-'}: ${diagnosis.verdict}`));
    for (const { text, remedy, note } of diagnosis.findings) {
      await output.line(printable(`${note ? 'note: ' : ''}${text}; ${remedy}`));
    }
    return exitCode;
  },
});
