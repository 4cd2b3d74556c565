import type { Writable } from 'node:stream';
import { isSystemError, SystemFailure } from './system-failure.js';
import type { Terminal } from './terminal.js';

/** No lines, two blanks between columns. */
const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

export type Cell = string | number | boolean | null;

/** Nobody reads stdout any more. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/** Writes what a command has to say: for people on a terminal, tabs between columns for programs, JSON where asked for. */
export class Output {
  readonly #terminal: Terminal;
  readonly json: boolean;

  constructor(terminal: Terminal, json: boolean) {
    this.#terminal = terminal;
    this.json = json;
  }

  /** Under `--json`: the one value that the command prints. */
  value(value: unknown): Promise<void> {
    return this.bytes(`${JSON.stringify(value)}\n`);
  }

  line(text: string): Promise<void> {
    return this.bytes(`${text}\n`);
  }

  async bytes(contents: string | Uint8Array): Promise<void> {
    const error = await written(this.#terminal.stdout, contents);
    if (error === undefined) return;
    if (isSystemError(error))
      throw error.code === 'EPIPE' ? new ReaderGone() : new SystemFailure('cannot write to stdout', error, '');
    throw error;
  }

  /** What belongs beside the result: for people, on stderr. Where that cannot be written there is nobody to tell. */
  async note(text: string): Promise<void> {
    await written(this.#terminal.stderr, `${text}\n`);
  }

  async table(head: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    const texts = rows.map((row) => row.map((cell) => (cell === null ? '-' : String(cell))));
    if (!this.#terminal.stdoutIsTerminal) return this.line([head, ...texts].map((row) => row.join('\t')).join('\n'));
    // Only people need it, and it is not small.
    const { default: CliTable } = await import('cli-table3');
    const table = new CliTable({
      head: head.map((title) => this.bold(title)),
      chars: PLAIN,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
      colAligns: head.map((_title, column) =>
        rows.every((row) => typeof row[column] === 'number') ? 'right' : 'left',
      ),
    });
    table.push(...texts);
    return this.line(table.toString().replace(/ +$/gm, ''));
  }

  /** The text in bold, where that can be seen and is wanted (no-color.org). */
  bold(text: string): string {
    const { stdoutIsTerminal, env } = this.#terminal;
    const plain = !stdoutIsTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
    return plain ? text : `\u001b[1m${text}\u001b[22m`;
  }
}

/** Waits for the reader, so that a slow one does not fill the memory and the process does not end too early. */
function written(stream: Writable, chunk: string | Uint8Array): Promise<Error | undefined> {
  return new Promise((resolve) => stream.write(chunk, (error) => resolve(error ?? undefined)));
}
