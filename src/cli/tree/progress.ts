import type { Output } from '../output.js';
import type { Terminal } from '../terminal.js';

/** How far long work has come. */
export interface Progress {
  /** One more is done. */
  step(): void;
  end(): void;
}

const NOWHERE: Progress = { step: () => undefined, end: () => undefined };

/** A bar on stderr, where a person looks at it; nothing elsewhere. */
export async function progressOf(terminal: Terminal, output: Output, what: string, total: number): Promise<Progress> {
  if (!terminal.stderrIsTerminal || output.json) return NOWHERE;
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: `${what} [{bar}] {value}/{total} files, {eta_formatted} left`,
    stream: terminal.stderr as NodeJS.WritableStream,
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: true,
  });
  bar.start(total, 0);
  return { step: () => bar.increment(), end: () => bar.stop() };
}
