import { constants } from 'node:os';
import type { LeaderElection, LeaderSighting } from '../../client/recipes/leader-election.js';
import { EXIT } from '../exit-codes.js';
import { Interrupts } from '../lock/interrupts.js';
import type { Output } from '../output.js';
import { printable } from '../printable.js';
import { SilenceNote } from '../silence-note.js';

/** Shown where a value would be. */
const NOBODY = '(nobody)';

/** Writes a line with the leader's value whenever it has changed, until it is interrupted. */
export async function observe(election: LeaderElection, output: Output): Promise<number> {
  const interrupts = new Interrupts(() => undefined);
  const silence = new SilenceNote(output);
  let told: LeaderSighting | undefined;
  try {
    for await (const sighting of election.observe({ signal: interrupts.signal })) {
      silence.end();
      if (output.json) await output.value(jsonOf(election.name, sighting));
      else await tell(output, sighting, told);
      told = sighting;
    }
    return EXIT.ok;
  } catch (error) {
    const { received } = interrupts;
    if (received === undefined) throw error;
    return EXIT.commandKilled + constants.signals[received];
  } finally {
    silence.end();
    interrupts.end();
  }
}

const jsonOf = (path: string, { leader, stale }: LeaderSighting) => ({
  path,
  leader: leader?.value.toString() ?? null,
  term: leader?.term ?? null,
  stale,
});

/** A line for a leader, and doubts beside it: whoever reads the lines reads values and nothing else. */
async function tell(
  output: Output,
  { leader, stale }: LeaderSighting,
  told: LeaderSighting | undefined,
): Promise<void> {
  if (told === undefined || leader?.term !== told.leader?.term || valueOf(leader) !== valueOf(told.leader)) {
    await output.line(leader === undefined ? NOBODY : printable(valueOf(leader)));
  }
  if (stale === (told?.stale ?? false)) return;
  await output.note(
    stale
      ? 'chubby: the cell has not confirmed it for a while: another one may lead by now'
      : 'chubby: confirmed again',
  );
}

const valueOf = (leader: LeaderSighting['leader']): string => leader?.value.toString() ?? '';
