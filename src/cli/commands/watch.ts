import { constants } from 'node:os';
import type { WatchItem } from '../../client/index.js';
import { command, NODE_PATH } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { Interrupts } from '../lock/interrupts.js';
import type { CellClient } from '../context.js';
import { flag } from '../options.js';
import type { Output } from '../output.js';
import { printable } from '../printable.js';
import { SilenceNote } from '../silence-note.js';
import { EventCommands } from '../watch/event-commands.js';

export const watch = command({
  name: 'watch',
  summary: 'Follow a node: a line for each event, or a command run for it, until interrupted',
  example: 'watch --recursive /ls/local/config -- ./reload',
  positionals: {
    path: { ...NODE_PATH, describe: `${NODE_PATH.describe}; it need not be there yet` },
    command: { describe: 'what to run for each event', behind: 'optional' },
  },
  options: { recursive: flag('tell of all that is below the directory, too', 'r') },
  epilogue:
    'A line is the kind of event, the node and the revision; `reread` says that the node itself is to be read (again): ' +
    'at the beginning, when it came or went, and when events were lost. The command finds these in CHUBBY_EVENT, ' +
    'CHUBBY_NODE and CHUBBY_REVISION. One runs at a time: events of one kind and node that come meanwhile are merged ' +
    'into the last of them, and CHUBBY_MERGED says how many it stands for. With --json each line is a JSON value.',
  async run({ client, output, terminal }, { path, recursive, command: [program, ...args] }) {
    const commands = program === undefined ? undefined : new EventCommands(program, args, terminal, output, path);
    const interrupts = new Interrupts(() => commands?.stop());
    const silence = new SilenceNote(output);
    const stops = tellDoubts(client, output);
    const ends = commands === undefined ? [interrupts.signal] : [interrupts.signal, commands.failed];
    try {
      for await (const item of client.watch(path, { recursive, signal: AbortSignal.any(ends) })) {
        silence.end();
        if (commands === undefined) await tell(output, item);
        else commands.add(item);
      }
      return EXIT.ok;
    } catch (error) {
      await commands?.ended();
      if (commands?.failed.aborted === true) throw commands.failed.reason;
      const { received } = interrupts;
      if (received === undefined) throw error;
      return EXIT.commandKilled + constants.signals[received];
    } finally {
      for (const stop of stops) stop();
      silence.end();
      commands?.stop();
      interrupts.end();
    }
  },
});

async function tell(output: Output, item: WatchItem): Promise<void> {
  if (output.json) return output.value(item);
  const rest = item.kind === 'reread' ? (item.exists ? 'is there' : 'is not there') : item.revision;
  return output.line([item.kind, printable(item.name), rest].join('\t'));
}

/** @returns what stops it */
function tellDoubts(client: CellClient, output: Output): (() => void)[] {
  if (output.json) return [];
  let inDoubt = false;
  const tell = (text: string): void => {
    inDoubt = !inDoubt;
    void output.note(`chubby: ${text}`);
  };
  return [
    client.on(
      'jeopardy',
      () => !inDoubt && tell('the cell does not answer: what happens meanwhile is told when it does'),
    ),
    client.on('safe', () => inDoubt && tell('the cell answers again')),
  ];
}
