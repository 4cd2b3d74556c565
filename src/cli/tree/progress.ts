import type { Output } from '../output.js';
import type { Terminal } from '../terminal.js';

/** How far long work has come. */
export interface Progress {
  /** One more is done, or so many. */
  step(count?: number): void;
  end(): void;
}

const NOWHERE: Progress = { step: () => undefined, end: () => undefined };

/** A bar on stderr, where a person looks at it; nothing elsewhere. */
export const progressOf = (terminal: Terminal, output: Output, what: string, total: number): Promise<Progress> =>
  progressIn('files', terminal, output, what, total);

/** The same, of so many bytes. */
export const bytesProgressOf = (terminal: Terminal, output: Output, what: string, total: number): Promise<Progress> =>
  progressIn('bytes', terminal, output, what, total);

async function progressIn(
  unit: string,
  terminal: Terminal,
  output: Output,
  what: string,
  total: number,
): Promise<Progress> {
  if (!terminal.stderrIsTerminal || output.json) return NOWHERE;
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: `${what} [{bar}] {value}/{total} ${unit}, {eta_formatted} left`,
    stream: terminal.stderr as NodeJS.WritableStream,
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: true,
  });
  bar.start(total, 0);
  return { step: (count = 1) => bar.increment(count), end: () => bar.stop() };
}
